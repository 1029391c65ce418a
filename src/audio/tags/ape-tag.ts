import { asciiOf, viewOf } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';
import { decodeText } from './text.ts';

/** Bytes of the footer of an APE tag. */
export const APE_FOOTER_BYTES = 32;

/** Length of the items and the footer of the APE tag that ends with these bytes; undefined if none does. */
export function apeTagLength(footer: Uint8Array): number | undefined {
  if (footer.length !== APE_FOOTER_BYTES || asciiOf(footer, 0, 8) !== 'APETAGEX') return undefined;
  return viewOf(footer).getUint32(12, true);
}

/**
 * Reads an APEv1 or APEv2 tag.
 *
 * @param tag its items and its footer
 */
export function readApeTag(tag: Uint8Array): SongTags {
  const fields = new TagFields();
  const view = viewOf(tag);
  const end = tag.length - APE_FOOTER_BYTES;
  for (let at = 0; at + 8 < end; ) {
    const size = view.getUint32(at, true);
    const flags = view.getUint32(at + 4, true);
    const nameEnd = tag.indexOf(0, at + 8);
    if (nameEnd < 0 || nameEnd + 1 + size > end) break;
    const name = asciiOf(tag, at + 8, nameEnd);
    const value = tag.subarray(nameEnd + 1, nameEnd + 1 + size);
    const isBinary = (flags & 0b110) === 0b010;
    if (isBinary) addCover(fields, name, value);
    else for (const text of textsOf(value)) fields.addNamed(name, text);
    at = nameEnd + 1 + size;
  }
  return fields.tags();
}

/** Zeros separate the values of a list. */
function textsOf(value: Uint8Array): string[] {
  const texts: string[] = [];
  for (let rest = value; rest.length > 0; ) {
    const end = rest.indexOf(0);
    texts.push(decodeText(rest));
    if (end < 0) break;
    rest = rest.subarray(end + 1);
  }
  return texts;
}

/** “Cover Art (Front)”: a file name, a zero, the picture. */
function addCover(fields: TagFields, name: string, value: Uint8Array): void {
  if (!/^cover art/i.test(name)) return;
  fields.addPicture(/front/i.test(name) ? 3 : 4, '', value.subarray(value.indexOf(0) + 1));
}
