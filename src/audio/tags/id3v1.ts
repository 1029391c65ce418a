import { asciiOf } from './byte-source.ts';
import { numberedGenre } from './genres.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';
import { decodeText } from './text.ts';

/** Length of the tag at the end of a file. */
export const ID3V1_BYTES = 128;

/**
 * The tag in the last 128 bytes of a file: ID3v1, and the track number of ID3v1.1; undefined if there is none.
 */
export function readId3v1(bytes: Uint8Array): SongTags | undefined {
  if (bytes.length !== ID3V1_BYTES || asciiOf(bytes, 0, 3) !== 'TAG') return undefined;
  const fields = new TagFields();
  fields.add('title', decodeText(bytes.subarray(3, 33)));
  fields.add('artist', decodeText(bytes.subarray(33, 63)));
  fields.add('album', decodeText(bytes.subarray(63, 93)));
  fields.add('date', decodeText(bytes.subarray(93, 97)));
  if (bytes[125] === 0) fields.add('track', String(bytes[126]));
  fields.add('genre', numberedGenre(bytes[127]) ?? '');
  return fields.tags();
}
