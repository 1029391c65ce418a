import { BlobSource, BufferSource, FLAC, Input, MATROSKA, MP4, OGG, QTFF, WEBM } from 'mediabunny';
import { viewOf } from './byte-source.ts';
import { numberedGenre } from './genres.ts';
import type { SongTags } from './song-tags.ts';
import { type FieldName, TagFields } from './tag-fields.ts';

/** Containers whose tags mediabunny reads. */
const FORMATS = [FLAC, OGG, MP4, QTFF, MATROSKA, WEBM];

/** Texts of MP4 and QuickTime. */
const MP4_TEXTS: Readonly<Record<string, FieldName>> = {
  '©nam': 'title',
  'com.apple.quicktime.title': 'title',
  '©ART': 'artist',
  'com.apple.quicktime.artist': 'artist',
  '©alb': 'album',
  'com.apple.quicktime.album': 'album',
  aART: 'albumArtist',
  '©wrt': 'composer',
  '©com': 'composer',
  '©gen': 'genre',
  'com.apple.quicktime.genre': 'genre',
  '©day': 'date',
  'com.apple.quicktime.creationdate': 'date',
};

/** Pairs of numbers in MP4: two bytes, the number, how many there are. */
const MP4_PAIRS: Readonly<Record<string, FieldName>> = { trkn: 'track', disk: 'disc', disc: 'disc' };

const PICTURE_TYPES = { coverFront: 3, coverBack: 4, unknown: 0 } as const;

/**
 * The tags of FLAC, Ogg, MP4, QuickTime, Matroska and WebM files, as mediabunny reads them: its own fields make days of
 * years and whole numbers of tempi, so the file's texts are taken.
 *
 * @param own free-form fields that mediabunny does not read
 * @throws Error if the file is of another kind, or damaged
 */
export async function readContainerTags(file: Blob | Uint8Array, own: ReadonlyMap<string, string>): Promise<SongTags> {
  const source = file instanceof Blob ? new BlobSource(file) : new BufferSource(file);
  const input = new Input({ source, formats: FORMATS });
  try {
    const { images = [], raw = {} } = await input.getMetadataTags();
    const fields = new TagFields();
    for (const [name, value] of Object.entries(raw)) {
      if (typeof value === 'string') addText(fields, name, value);
      else if (Array.isArray(value)) for (const text of value) addText(fields, name, text);
      else if (value instanceof Uint8Array) addBytes(fields, name, value);
    }
    for (const [name, value] of own) fields.addNamed(name, value);
    for (const { kind, mimeType, data } of images) fields.addPicture(PICTURE_TYPES[kind], mimeType, data);
    return fields.tags();
  } finally {
    input.dispose();
  }
}

function addText(fields: TagFields, name: string, text: string): void {
  const field = MP4_TEXTS[name];
  if (field) fields.add(field, text);
  else fields.addNamed(name, text);
}

/** Numbers of MP4. */
function addBytes(fields: TagFields, name: string, bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const pair = MP4_PAIRS[name];
  if (pair && bytes.length >= 6) fields.add(pair, `${view.getUint16(2)}/${view.getUint16(4)}`);
  else if (name === 'tmpo' && bytes.length >= 2) fields.add('bpm', String(view.getUint16(0)));
  else if (name === 'gnre' && bytes.length >= 2) fields.add('genre', numberedGenre(view.getUint16(0) - 1) ?? '');
}
