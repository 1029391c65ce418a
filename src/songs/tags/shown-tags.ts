import type { SongTags } from '../../audio/tags/song-tags.ts';

/** What the page shows of a song's tags. */
export interface ShownTags {
  /** “Artist – Title”, or the title alone; undefined: the tags have no title. */
  readonly name: string | undefined;
  /** The cover as a small picture, a data URL; undefined: there is none that the browser can draw. */
  readonly cover: string | undefined;
}

/** Characters of a name; a hostile tag may have millions. */
const MAX_NAME_LENGTH = 300;

/** “Artist – Title” on one line, or the title alone where there is no artist; undefined without a title. */
export function nameByTags({ artist, title }: Pick<SongTags, 'artist' | 'title'>): string | undefined {
  const [by, what] = [artist, title].map((text) => onOneLine(text ?? ''));
  if (!what) return undefined;
  return [...(by ? `${by} – ${what}` : what)].slice(0, MAX_NAME_LENGTH).join('');
}

function onOneLine(text: string): string {
  return text
    .slice(0, 2 * MAX_NAME_LENGTH)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
