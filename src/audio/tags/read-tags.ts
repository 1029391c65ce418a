import { APE_FOOTER_BYTES, apeTagLength, readApeTag } from './ape-tag.ts';
import { isAsf, readAsfTags } from './asf-tags.ts';
import { asciiOf, type ByteSource, byteSource } from './byte-source.ts';
import { readAiffTags, readCafTags, readRiffTags } from './chunk-tags.ts';
import { readContainerTags } from './container-tags.ts';
import { ID3V1_BYTES, readId3v1 } from './id3v1.ts';
import { ID3V2_HEADER_BYTES, id3v2Length, readId3v2 } from './id3v2.ts';
import { readMatroskaTitle } from './matroska-title.ts';
import { readMp4OwnFields } from './mp4-own-fields.ts';
import { isOggFlac, readOggFlacTags } from './ogg-flac-tags.ts';
import { type SongTags, uniteTags } from './song-tags.ts';

/** Larger tags are skipped. */
const MAX_TAG_BYTES = 1 << 27;

/** ID3v2 tags in a row that are read. */
const MAX_ID3_TAGS = 16;

/**
 * Reads the tags of a sound file: ID3v2 tags at the beginning, the tags of its container (RIFF INFO and ID3 in WAV, the
 * chunks of AIFF and CAF, Vorbis comments, MP4, Matroska, ASF), an APE tag and ID3v1 at the end. Where several state a field,
 * the first in this order counts. Of pictures, only the cover is kept; texts that do not apply to a stem (loudness,
 * lyrics, comments) are dropped. Only the tags are read, not the sound. Never throws: a tag that is damaged counts as
 * none.
 */
export async function readTags(file: Blob | Uint8Array): Promise<SongTags> {
  const source = byteSource(file);
  const { tags, end } = await leadingId3(source);
  const container = await orNone(() => containerTags(file, source, end));
  return uniteTags([...tags, container, ...(await trailingTags(source))]);
}

async function orNone(read: () => SongTags | Promise<SongTags>): Promise<SongTags> {
  try {
    return await read();
  } catch {
    return {};
  }
}

/** The ID3v2 tags at the beginning, and where they end. */
async function leadingId3(source: ByteSource): Promise<{ readonly tags: readonly SongTags[]; readonly end: number }> {
  const tags: SongTags[] = [];
  let end = 0;
  while (tags.length < MAX_ID3_TAGS) {
    const length = id3v2Length(await source.read(end, end + ID3V2_HEADER_BYTES));
    if (length === undefined) break;
    const start = end;
    end += length;
    tags.push(length > MAX_TAG_BYTES ? {} : await orNone(async () => readId3v2(await source.read(start, end))));
  }
  return { tags, end };
}

async function containerTags(file: Blob | Uint8Array, source: ByteSource, start: number): Promise<SongTags> {
  const first = await source.read(start, start + 33);
  if (isAsf(first)) return await readAsfTags(source);
  if (isOggFlac(first)) return await readOggFlacTags(source);
  const head = asciiOf(first, 0, 12);
  if (/^(?:RIFF|RF64|BW64).{4}WAVE/s.test(head)) return await readRiffTags(source);
  if (/^FORM.{4}AIF[FC]/s.test(head)) return await readAiffTags(source);
  if (head.startsWith('caff')) return await readCafTags(source);
  if (/^(?:fLaC|OggS)/.test(head)) return await readContainerTags(file, new Map());
  if (head.startsWith('\x1a\x45\xdf\xa3')) {
    const title = await readMatroskaTitle(source).catch(() => '');
    return uniteTags([title ? { title } : {}, await orNone(() => readContainerTags(file, new Map()))]);
  }
  if (/^.{4}(?:ftyp|moov|mdat|wide|free|skip|pnot)/s.test(head)) {
    return await readContainerTags(file, await readMp4OwnFields(source).catch(() => new Map<string, string>()));
  }
  return {};
}

/** An APE tag and ID3v1, which is the last of a file. */
async function trailingTags(source: ByteSource): Promise<readonly SongTags[]> {
  const { size } = source;
  const id3v1 = readId3v1(await source.read(Math.max(0, size - ID3V1_BYTES), size));
  const end = id3v1 ? size - ID3V1_BYTES : size;
  const length = apeTagLength(await source.read(Math.max(0, end - APE_FOOTER_BYTES), end));
  if (length === undefined || length > Math.min(end, MAX_TAG_BYTES)) return id3v1 ? [id3v1] : [];
  const ape = await orNone(async () => readApeTag(await source.read(end - length, end)));
  return id3v1 ? [ape, id3v1] : [ape];
}
