import {
  type Element,
  element,
  elementBytes,
  float,
  headBytes,
  ID,
  numberIn,
  parseElements,
  text,
  unsigned,
} from '../../core/ebml.ts';
import { ExportError } from '../../core/errors.ts';
import { BlobReader } from '../blob-reader.ts';
import type { SinkWriter } from '../sink-writer.ts';
import { BlockCopy, describeBlock } from './block-copy.ts';
import { ClusterWriter, cuesElement } from './cluster-writer.ts';
import { clusterElements, readSegment, type Segment } from './segment.ts';
import { openSoundTrack } from './sound-blocks.ts';
import { type NewTracks, newTracks, tagsWithout } from './tracks.ts';

/** Bytes that are read at once while the file is only skimmed. */
const SKIM_BYTES = 1 << 12;

const DEFAULT_SCALE_NS = 1_000_000;
const SECOND_NS = 1_000_000_000;

/**
 * The decoder puts silence before sound that starts so much later than the picture, and none before other sound: less
 * is rounding, and more is a part of a longer recording, whose picture starts late, too.
 */
const MIN_LATE_SECONDS = 0.025;
const MAX_LATE_SECONDS = 10;

/**
 * Copies a Matroska or WebM file with another sound. The blocks of all other tracks stay as they are, byte for byte:
 * pictures and subtitles; and so do chapters, attachments and tags. The new sound takes the number, the name, the
 * language and the flags of the old one; other sounds are left out. The index of places to seek to is made anew.
 *
 * @param sound a FLAC, Ogg Opus or WAV file of what the decoder returns for the video's sound
 * @param samples of one channel of the sound
 * @param track which of the sounds is replaced, from 1
 * @param docType “matroska” or “webm”
 */
export async function replaceMatroskaSound(
  writer: SinkWriter,
  options: {
    readonly video: Blob;
    readonly sound: Blob;
    readonly samples: number;
    readonly track?: number;
    readonly docType: 'matroska' | 'webm';
  },
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  const segment = await readSegment(new BlobReader(options.video, SKIM_BYTES));
  const sound = await openSoundTrack(options.sound, options.samples);
  try {
    const tracks = segment && newTracks(dataOf(segment, ID.Tracks), sound.entry, options.track);
    if (!segment || !tracks) throw new ExportError('export.video-unreadable');
    const header = segment.header.map((field) => (field.id === ID.DocType ? text(ID.DocType, options.docType) : field));
    await writer.write(elementBytes(element(ID.EBML, header)));
    const sizeAt = writer.position;
    await writer.write(headBytes(ID.Segment, 0));
    const start = writer.position;
    const head = await writeHead(writer, start, segment, tracks);
    const clusters = new ClusterWriter(writer, start);
    const scale = numberIn(parseElements(dataOf(segment, ID.Info)), ID.TimestampScale) || DEFAULT_SCALE_NS;
    const reader = new BlobReader(options.video);
    const soundStart = await startOfSound(reader, segment, tracks.sound, SECOND_NS / scale);
    const copy = new BlockCopy(clusters, tracks, sound, { ticksPerSecond: SECOND_NS / scale, soundStart });
    for await (const placed of clusterElements(reader, segment)) {
      signal.throwIfAborted();
      const { id, end } = placed;
      if (id === ID.Timestamp || id === ID.SimpleBlock || id === ID.BlockGroup) {
        await copy.take({ id, data: await reader.read(placed.start, end) });
      }
      onProgress((end - segment.start) / (segment.end - segment.start));
    }
    await copy.finish();
    const cues = writer.position - start;
    await writer.write(elementBytes(cuesElement(clusters.cues)));
    const bytes = writer.position - start;
    await writer.patch(headBytes(ID.Segment, bytes), sizeAt);
    await writer.patch(elementBytes(float(ID.Duration, copy.endTicks)), head.durationAt);
    await writer.patch(elementBytes(seekHead([...head.places, [ID.Cues, cues]])), start);
  } finally {
    sound.dispose();
  }
}

/** Writes all that comes before the clusters. */
async function writeHead(writer: SinkWriter, start: number, segment: Segment, tracks: NewTracks) {
  const info = parseElements(dataOf(segment, ID.Info)).filter(({ id }) => id !== ID.Crc32 && id !== ID.Duration);
  const parts = [
    // The duration is the last field: its value is known at the end.
    element(ID.Info, [...info, float(ID.Duration, 0)]),
    tracks.element,
    ...(segment.elements.get(ID.Chapters) ?? []),
    ...(segment.elements.get(ID.Attachments) ?? []),
    ...(segment.elements.get(ID.Tags) ?? []).map(({ data }) => tagsWithout(data, tracks.gone)),
  ];
  const unknown = parts.map(({ id }): readonly [number, number] => [id, 0]);
  await writer.write(elementBytes(seekHead([...unknown, [ID.Cues, 0]])));
  const places: (readonly [number, number])[] = [];
  let durationAt = 0;
  for (const part of parts) {
    places.push([part.id, writer.position - start]);
    await writer.write(elementBytes(part));
    if (part.id === ID.Info) durationAt = writer.position - elementBytes(float(ID.Duration, 0)).length;
  }
  return { places, durationAt };
}

/** When the first sample that the decoder returns is played, seconds. */
async function startOfSound(
  reader: BlobReader,
  segment: Segment,
  track: number,
  ticksPerSecond: number,
): Promise<number> {
  let cluster = 0;
  for await (const { id, start, end } of clusterElements(reader, segment)) {
    if (id !== ID.Timestamp && id !== ID.SimpleBlock && id !== ID.BlockGroup) continue;
    const found = { id, data: await reader.read(start, end) };
    if (id === ID.Timestamp) cluster = numberIn([found], id);
    const block = id === ID.Timestamp ? undefined : describeBlock(found);
    if (block?.track !== track) continue;
    const seconds = (cluster + block.ticks) / ticksPerSecond;
    return seconds >= MIN_LATE_SECONDS && seconds < MAX_LATE_SECONDS ? 0 : Math.max(0, seconds);
  }
  return 0;
}

/** Where the other elements lie; its length depends only on their number. */
function seekHead(places: readonly (readonly [id: number, position: number])[]): Element {
  return element(
    ID.SeekHead,
    places.map(([id, position]) =>
      element(ID.Seek, [unsigned(ID.SeekID, id, 4), unsigned(ID.SeekPosition, position, 8)]),
    ),
  );
}

function dataOf({ elements }: Segment, id: number): Uint8Array {
  return elements.get(id)?.[0].data ?? new Uint8Array(0);
}
