import { type AttachedImage, BlobSource, BufferSource, Input, type MetadataTags } from 'mediabunny';
import { SONG_FORMATS } from '../decode/probe-audio.ts';

/** The tags that are copied from a song to its stems. */
export type SongTags = Pick<MetadataTags, (typeof COPIED)[number] | 'images'>;

const COPIED = [
  'title',
  'artist',
  'album',
  'albumArtist',
  'trackNumber',
  'tracksTotal',
  'discNumber',
  'discsTotal',
  'genre',
  'date',
] as const;

/** A larger cover would be the greater part of a short stem. */
const MAX_COVER_BYTES = 8_388_608;

/**
 * Reads the tags of a file: ID3, Vorbis comments, MP4 atoms, RIFF INFO. Of images, only the cover is kept. Tags that do
 * not apply to a stem (loudness, lyrics, comments) are dropped. Empty if there are none or they cannot be read.
 */
export async function readTags(file: Blob | Uint8Array): Promise<SongTags> {
  const source = file instanceof Blob ? new BlobSource(file) : new BufferSource(file);
  const input = new Input({ source, formats: SONG_FORMATS });
  try {
    const found = await input.getMetadataTags();
    const tags: MetadataTags = {};
    for (const key of COPIED) Object.assign(tags, found[key] === undefined ? {} : { [key]: found[key] });
    if (tags.title?.trim() === '') delete tags.title;
    if (tags.date && Number.isNaN(tags.date.getTime())) delete tags.date;
    const cover = coverOf(found.images ?? []);
    return cover ? { ...tags, images: [cover] } : tags;
  } catch {
    return {};
  } finally {
    input.dispose();
  }
}

function coverOf(images: readonly AttachedImage[]): AttachedImage | undefined {
  const fits = images.filter((image) => image.data.length <= MAX_COVER_BYTES);
  return fits.find((image) => image.kind === 'coverFront') ?? fits[0];
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
 * @param label “Vocals”, “Instrumental” …; '' leaves the title unchanged
 */
export function stemTags(tags: SongTags, name: string, label: string): SongTags {
  const known = tags.title === undefined ? { ...tags, ...tagsOfName(name), ...omitUndefined(tags) } : tags;
  const title = known.title ?? name;
  return { ...known, title: label === '' ? title : `${title} (${label})` };
}

function omitUndefined(tags: SongTags): SongTags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined));
}

/** Whether RIFF INFO can hold all tags: Latin-1 text, no image. In a WAV file, players know it better than ID3. */
export function fitsInfoChunk(tags: MetadataTags): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ISO 8859-1
  const isLatin1 = (value: unknown): boolean => typeof value !== 'string' || /^[\u0000-\u00ff]*$/.test(value);
  return !tags.images?.length && Object.values(tags).every(isLatin1);
}
