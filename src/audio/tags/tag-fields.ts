import { genreOf } from './genres.ts';
import type { Cover, SongTags } from './song-tags.ts';

/** The names by which Vorbis comments, APE, Matroska, RIFF, AIFF, CAF and ASF state a field, in capitals. */
const NAMES = {
  title: ['TITLE', 'INAM', 'NAME'],
  artist: ['ARTIST', 'IART', 'AUTH'],
  album: ['ALBUM', 'IPRD', 'WM/ALBUMTITLE'],
  albumArtist: ['ALBUMARTIST', 'ALBUM ARTIST', 'ALBUM_ARTIST', 'WM/ALBUMARTIST'],
  composer: ['COMPOSER', 'IMUS', 'WM/COMPOSER'],
  genre: ['GENRE', 'IGNR', 'WM/GENRE'],
  date: ['DATE', 'YEAR', 'DATE_RELEASED', 'ICRD', 'RECORDED DATE', 'WM/YEAR'],
  track: ['TRACKNUMBER', 'TRACK', 'PART_NUMBER', 'IPRT', 'ITRK', 'TRACK NUMBER', 'WM/TRACKNUMBER'],
  tracksTotal: ['TRACKTOTAL', 'TOTALTRACKS', 'TOTAL_PARTS'],
  disc: ['DISCNUMBER', 'DISC', 'WM/PARTOFSET'],
  discsTotal: ['DISCTOTAL', 'TOTALDISCS'],
  bpm: ['BPM', 'TBPM', 'TEMPO', 'IBPM', 'WM/BEATSPERMINUTE'],
  key: ['INITIALKEY', 'INITIAL_KEY', 'INITIAL KEY', 'KEY', 'KEY SIGNATURE', 'IKEY', 'WM/INITIALKEY'],
} as const;

/** What is stated in a field. */
export type FieldName = keyof typeof NAMES;

const FIELD_OF = new Map<string, FieldName>(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as FieldName])),
);

/** Types of pictures (ID3v2.4, section 4.14) in the order of preference: a front cover, any, and an icon last. */
const FRONT_COVER = 3;
const OTHER = 0;
const ICONS = [1, 2];

/** Larger pictures are dropped: encoding the tags would take many times their memory. */
const MAX_COVER_BYTES = 1 << 26;

/**
 * The fields of one tag as a file states them, collected one by one.
 *
 * @example
 * const fields = new TagFields();
 * fields.addNamed('TRACKNUMBER', '3/12');
 * fields.tags(); // { trackNumber: 3, tracksTotal: 12 }
 */
export class TagFields {
  readonly #values = new Map<FieldName, string[]>();
  #cover: Cover | undefined;
  #coverRank = Number.POSITIVE_INFINITY;

  /** Adds a value; empty ones and repetitions are dropped. */
  add(field: FieldName, value: string): void {
    const text = value.trim();
    const values = this.#values.get(field) ?? [];
    if (text === '' || values.includes(text)) return;
    this.#values.set(field, [...values, text]);
  }

  /** Adds a value under the name that a file uses, in any case; other names are ignored. */
  addNamed(name: string, value: string): void {
    const field = FIELD_OF.get(name.toUpperCase());
    if (field) this.add(field, value);
  }

  /** Adds a picture. @param type its type as in ID3 and FLAC: 3 is the front cover */
  addPicture(type: number, mimeType: string, data: Uint8Array): void {
    const rank = type === FRONT_COVER ? 0 : type === OTHER ? 1 : ICONS.includes(type) ? 3 : 2;
    if (data.length === 0 || data.length > MAX_COVER_BYTES || rank >= this.#coverRank) return;
    this.#cover = { data, mimeType: imageType(data) ?? mimeType };
    this.#coverRank = rank;
  }

  /** What the fields say. Values that mean nothing are left out. */
  tags(): SongTags {
    const first = (field: FieldName): string | undefined => this.#values.get(field)?.[0];
    const all = (field: FieldName): string | undefined => this.#values.get(field)?.join('; ');
    const [trackNumber, tracksTotal] = pairOf(first('track'));
    const [discNumber, discsTotal] = pairOf(first('disc'));
    const tags: SongTags = {
      title: first('title'),
      artist: all('artist'),
      album: first('album'),
      albumArtist: all('albumArtist'),
      composer: all('composer'),
      genre: this.#values.get('genre')?.map(genreOf).join('; '),
      date: dateOf(first('date')),
      trackNumber,
      tracksTotal: tracksTotal ?? countOf(first('tracksTotal')),
      discNumber,
      discsTotal: discsTotal ?? countOf(first('discsTotal')),
      bpm: positive(Number.parseFloat(first('bpm')?.replace(',', '.') ?? '')),
      key: first('key'),
      cover: this.#cover,
    };
    return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined));
  }
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function countOf(text: string | undefined): number | undefined {
  return positive(Number.parseInt(text ?? '', 10));
}

/** “3/12” or “3”. */
function pairOf(text: string | undefined): [number | undefined, number | undefined] {
  const [number, total] = text?.split('/') ?? [];
  return [countOf(number), countOf(total)];
}

/** The day, month or year at the beginning of an ISO 8601 date, or a year anywhere. */
function dateOf(text: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(text ?? '') ?? /(\d{4})/.exec(text ?? '') ?? [];
  if (!year || year === '0000') return undefined;
  if (!month || month < '01' || month > '12') return year;
  return day && day >= '01' && day <= '31' ? `${year}-${month}-${day}` : `${year}-${month}`;
}

const SIGNATURES = [
  ['\x89PNG', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['BM', 'image/bmp'],
] as const;

/** The type of a picture by its first bytes: tags often state “JPG”, “image/*” or nothing. */
function imageType(data: Uint8Array): string | undefined {
  const head = String.fromCharCode(...data.subarray(0, 12));
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp';
  return SIGNATURES.find(([signature]) => head.startsWith(signature))?.[1];
}
