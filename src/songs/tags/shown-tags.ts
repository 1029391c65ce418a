import type { SongTags } from '../../audio/tags/song-tags.ts';

/** What the page shows of a song's tags. */
export interface ShownTags {
  /** “Artist – Title”; undefined: the tags lack one of the two. */
  readonly name: string | undefined;
  /** The cover as a small picture, a data URL; undefined: there is none that the browser can draw. */
  readonly cover: string | undefined;
}

/** Characters of a name; a hostile tag may have millions. */
const MAX_NAME_LENGTH = 300;

/** “Artist – Title” on one line; undefined where one of the two is missing. */
export function nameByTags({ artist, title }: Pick<SongTags, 'artist' | 'title'>): string | undefined {
  const [by, what] = [artist, title].map((text) => onOneLine(text ?? ''));
  return by && what ? [...`${by} – ${what}`].slice(0, MAX_NAME_LENGTH).join('') : undefined;
}

function onOneLine(text: string): string {
  return text
    .slice(0, 2 * MAX_NAME_LENGTH)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
