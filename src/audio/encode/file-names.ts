/**
 * Maximum bytes of a name in UTF-8. File systems take 255; browsers and partial downloads add to it while they write.
 */
const MAX_NAME_BYTES = 200;

/** Windows forbids these names, whatever the ending (learn.microsoft.com, Naming Files, Paths, and Namespaces). */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/**
 * Makes a file name that Windows, macOS, Linux and Android accept: without reserved characters, control characters,
 * marks that change the direction of writing (they can hide an ending), dots and spaces at the ends, and device names.
 * A long name is cut in `base`, at whole characters, so that `suffix` and ending stay.
 *
 * @example
 * safeFileName('AC/DC: Live?', ' (Vocals)', 'wav'); // “AC_DC_ Live_ (Vocals).wav”
 */
export function safeFileName(base: string, suffix: string, extension: string): string {
  return safeName(base, `${suffix}.${extension}`);
}

/**
 * Makes a folder name by the same rules.
 * @param suffix stays when a long name is cut
 */
export function safeFolderName(base: string, suffix = ''): string {
  return safeName(base, suffix);
}

function safeName(base: string, end: string): string {
  const clean = base
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu, '')
    .replace(/[<>:"/\\|?*]/g, '_');
  const cut = cutToBytes(trim(clean), MAX_NAME_BYTES - utf8Length(end));
  const name = trim(cut) || 'song';
  return DEVICES.test(`${name}${end}`) ? `_${name}${end}` : `${name}${end}`;
}

function trim(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '');
}

function cutToBytes(text: string, bytes: number): string {
  if (utf8Length(text) <= bytes) return text;
  let kept = '';
  let length = 0;
  // Cuts at graphemes, not code points: no half of an accent or flag remains.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += utf8Length(segment);
    if (length > bytes) break;
    kept += segment;
  }
  return kept;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
