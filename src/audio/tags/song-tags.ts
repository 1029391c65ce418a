/** A picture of a song. */
export interface Cover {
  readonly data: Uint8Array;
  /** “image/jpeg”, “image/png” … */
  readonly mimeType: string;
}

/** The tags that are copied from a song to its stems. Texts are not empty; numbers are positive. */
export interface SongTags {
  readonly title?: string;
  /** Several artists are separated by “; ”. */
  readonly artist?: string;
  readonly album?: string;
  readonly albumArtist?: string;
  readonly composer?: string;
  readonly genre?: string;
  /** A year, a month or a day: “2019”, “2019-05”, “2019-05-04”. */
  readonly date?: string;
  readonly trackNumber?: number;
  readonly tracksTotal?: number;
  readonly discNumber?: number;
  readonly discsTotal?: number;
  /** Beats per minute; may have a fraction. */
  readonly bpm?: number;
  /** Musical key as the file states it: “F#m”, “8A” … */
  readonly key?: string;
  readonly cover?: Cover;
}

/** The tags of all of `found`. Of a field that several have, the first one is kept. */
export function uniteTags(found: readonly SongTags[]): SongTags {
  return Object.assign({}, ...found.toReversed());
}

/**
 * Title and artist from a file's name without its ending: “03 - Artist - Title” or “Artist - Title”; otherwise all of
 * it is the title.
 */
export function tagsOfName(name: string): SongTags {
  const plain = name.replaceAll('_', ' ').trim();
  const withoutNumber = plain.replace(/^\d{1,3}(?:\.|\s*-)?\s+(?=\S)/, '');
  const [, artist, title] = /^(.+?)\s+[-–—]\s+(.+)$/.exec(withoutNumber) ?? [];
  if (artist && title) return { artist: artist.trim(), title: title.trim() };
  return { title: plain || name };
}

/**
 * The tags of a stem: the song's, with the stem's label after the title.
 *
 * @param name the song's file name without its ending, for missing tags
 * @param label “Vocals”, “Accompaniment” …; '' leaves the title unchanged
 */
export function stemTags(tags: SongTags, name: string, label: string): SongTags {
  const known = tags.title === undefined ? uniteTags([tags, tagsOfName(name)]) : tags;
  const title = known.title ?? name;
  return { ...known, title: label === '' ? title : `${title} (${label})` };
}
