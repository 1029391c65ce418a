/** The key of a larger file is made from pieces: crypto.subtle needs all of its input in memory. */
const MAX_BYTES = 100_000_000;
const PIECES = 32;
const PIECE_BYTES = 1_000_000;

/**
 * Identifies a file by its content: SHA-256 of its bytes; for a file above 100 MB, of its length and of 32 pieces of
 * 1 MB from its beginning to its end.
 *
 * @param most bytes up to which the whole file is read
 * @returns undefined where the file cannot be read or the page is not served over https (no
 *   crypto.subtle)
 */
export async function fileKey(file: Blob, most = MAX_BYTES): Promise<string | undefined> {
  try {
    const seen = file.size > most ? piecesOf(file) : file;
    const digest = await crypto.subtle.digest('SHA-256', await seen.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}

function piecesOf(file: Blob): Blob {
  const length = Math.min(PIECE_BYTES, Math.floor(file.size / PIECES));
  const pieces = Array.from({ length: PIECES }, (_, n) => {
    const start = Math.floor((n / (PIECES - 1)) * (file.size - length));
    return file.slice(start, start + length);
  });
  return new Blob([`${file.size} `, ...pieces]);
}

/** The keys of the songs' files, each computed once. */
export class FileKeys {
  readonly #keys = new Map<string, Promise<string | undefined>>();

  /** Takes a key that is known. @param sourceId see SongEntry */
  set(sourceId: string, key: string | undefined): void {
    if (key !== undefined) this.#keys.set(sourceId, Promise.resolve(key));
  }

  /** A file's key, computed where it is not known. Never rejects. */
  compute(sourceId: string, file: Blob): Promise<string | undefined> {
    const known = this.#keys.get(sourceId);
    if (known) return known;
    const key = fileKey(file);
    this.#keys.set(sourceId, key);
    return key;
  }

  /** A key that is known, or being computed. */
  async known(sourceId: string): Promise<string | undefined> {
    return await this.#keys.get(sourceId);
  }
}
