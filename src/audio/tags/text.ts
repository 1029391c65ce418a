const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** What Windows-1252 has for 0x80 to 0x9F. A decoder of its own, as that of Node 20 takes them for control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Text whose encoding is not stated, or stated as Latin-1, up to the first zero byte. Programs write UTF-8 there, or
 * Windows-1252, which has the letters of Latin-1. Text in Windows-1252 with other than ASCII letters is hardly ever
 * valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return UTF_8.decode(text).trim();
  } catch {
    const letter = (byte: number) => WINDOWS_1252[byte - 0x80] ?? String.fromCharCode(byte);
    return Array.from(text, letter).join('').trim();
  }
}
