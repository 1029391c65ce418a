import type { MetadataTags } from 'mediabunny';
import type { SongTags } from '../tags/song-tags.ts';
import type { ExportFormat } from './formats.ts';

/** A picture in FLAC takes at most this with its description: its length has 24 bits (RFC 9639, section 8.1). */
const MAX_FLAC_PICTURE_BYTES = 0xffffff;
const FLAC_PICTURE_HEADER_BYTES = 32;

/** What RIFF INFO has a field for. */
const INFO_FIELDS: readonly string[] = ['title', 'artist', 'album', 'genre', 'date', 'trackNumber', 'tracksTotal'];

/**
 * The tags as mediabunny writes them. Its own fields for dates and tempi are avoided: they make days of years, and take
 * whole numbers only. `mp4Items` has the key and the cover of M4A.
 */
export function writtenTags(format: ExportFormat, tags: SongTags): MetadataTags {
  const { title, artist, album, albumArtist, genre, trackNumber, tracksTotal } = tags;
  const shared = { title, artist, album, albumArtist, genre, trackNumber, tracksTotal };
  return defined({ ...shared, images: imagesOf(format, tags), ...ownFields(format, tags) });
}

function imagesOf(format: ExportFormat, { cover }: SongTags): MetadataTags['images'] {
  if (!cover || format === 'm4a') return undefined;
  const bytes = FLAC_PICTURE_HEADER_BYTES + cover.mimeType.length + cover.data.length;
  return format === 'flac' && bytes > MAX_FLAC_PICTURE_BYTES ? undefined : [{ ...cover, kind: 'coverFront' }];
}

function ownFields(format: ExportFormat, tags: SongTags): MetadataTags {
  const { composer, date, discNumber, discsTotal, bpm, key } = tags;
  const tempo = bpm === undefined ? undefined : String(bpm);
  if (format === 'm4a') {
    // mediabunny writes the disc as “disc”; players look for “disk”.
    const disk = discNumber && Uint8Array.of(0, 0, ...u16(discNumber), ...u16(discsTotal ?? 0));
    const whole = bpm && Math.max(1, Math.round(bpm));
    return { beatsPerMinute: whole, raw: defined({ '©day': date, '©wrt': composer, disk: disk || undefined }) };
  }
  const disc = { discNumber, discsTotal };
  if (format === 'flac' || format === 'opus') {
    return { ...disc, raw: defined({ DATE: date, COMPOSER: composer, BPM: tempo, INITIALKEY: key }) };
  }
  // ICRD is the date of INFO, the others are frames of ID3: neither takes the other's.
  if (format !== 'mp3' && fitsInfoChunk(tags)) return { raw: defined({ ICRD: date }) };
  return { ...disc, raw: defined({ TDRC: date, TCOM: composer, TBPM: tempo, TKEY: key }) };
}

/**
 * Whether RIFF INFO can hold all tags: it has few fields and no encoding, so that only ASCII is read alike everywhere. In
 * a WAV file, players know it better than ID3.
 */
export function fitsInfoChunk(tags: SongTags): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  const isAscii = (value: unknown): boolean => typeof value !== 'string' || /^[\u0000-\u007f]*$/.test(value);
  return Object.entries(tags).every(([field, value]) => INFO_FIELDS.includes(field) && isAscii(value));
}

function u16(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
