/**
 * Larger files are not told apart: all of a file is in memory while its sum is made, and most songs that large are too
 * long to be kept.
 */
const MOST_BYTES = 100_000_000;

/**
 * Tells files apart, whatever they are called: SHA-256 of their bytes.
 *
 * @returns undefined where it cannot be told: the file is very large or cannot be read, or the page is not served over
 *   https (no crypto.subtle)
 */
export async function fileKey(file: Blob): Promise<string | undefined> {
  if (file.size > MOST_BYTES) return undefined;
  try {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}
