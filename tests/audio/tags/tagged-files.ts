import { readFileSync } from 'node:fs';
import type { SongTags } from '../../../src/audio/tags/song-tags.ts';

/** A file of tests/fixtures/audio/tags and the tags that it was given (training/reference/make_tag_fixtures.py). */
export interface TaggedFile {
  readonly file: string;
  readonly what: string;
  readonly tags: SongTags;
}

const FOLDER = new URL('../../fixtures/audio/tags/', import.meta.url);

interface Entry {
  readonly what: string;
  readonly tags: SongTags & { readonly cover?: { readonly mimeType: string; readonly base64: string } };
}

/** The bytes of a tagged file. */
export function taggedFile(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(file, FOLDER)));
}

/** All tagged files. */
export const TAGGED_FILES: readonly TaggedFile[] = Object.entries(
  JSON.parse(readFileSync(new URL('tags.json', FOLDER), 'utf8')) as Record<string, Entry>,
).map(
  ([
    file,
    {
      what,
      tags: { cover, ...tags },
    },
  ]) => ({
    file,
    what,
    tags: cover
      ? { ...tags, cover: { mimeType: cover.mimeType, data: new Uint8Array(Buffer.from(cover.base64, 'base64')) } }
      : tags,
  }),
);

/** The same tags with the cover as plain bytes, whatever memory they lie in. */
export function comparable(tags: SongTags): object {
  return tags.cover ? { ...tags, cover: { ...tags.cover, data: [...tags.cover.data] } } : tags;
}
