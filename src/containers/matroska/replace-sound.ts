import { ExportError } from '../../core/errors.ts';
import { BlobReader } from '../blob-reader.ts';
import type { SinkWriter } from '../sink-writer.ts';
import { ClusterWriter, cuesElement } from './cluster-writer.ts';
import {
  type Element,
  element,
  elementBytes,
  find,
  float,
  headBytes,
  ID,
  lengthOf,
  numberIn,
  parseElements,
  readVint,
  text,
  unsigned,
} from './ebml.ts';
import { clusterElements, readSegment, type Segment } from './segment.ts';
import { blockElement, openSoundTrack, type SoundBlock, type SoundTrack } from './sound-blocks.ts';
import { type NewTracks, newTracks, tagsWithout } from './tracks.ts';

/** Bytes that are read at once while the file is only skimmed. */
const SKIM_BYTES = 1 << 12;

const DEFAULT_SCALE_NS = 1_000_000;
const SECOND_NS = 1_000_000_000;

/** Clusters that hold only sound have about this length. */
const CLUSTER_SECONDS = 5;

/** A block of the file, as it is copied. */
interface CopiedBlock {
  readonly track: number;
  /** From the start of its cluster. */
  readonly ticks: number;
  readonly isKey: boolean;
  /** 0: not stated. */
  readonly duration: number;
}

/**
 * Copies a Matroska or WebM file with another sound. The blocks of all other tracks stay as they are, byte for byte:
 * pictures and subtitles; and so do chapters, attachments and tags. The new sound takes the number, the name, the
 * language and the flags of the old one; other sounds are left out. The index of places to seek to is made anew.
 *
 * @param sound a FLAC, Ogg Opus or WAV file; its first sample is at time 0
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
    const copy = new BlockCopy(clusters, tracks, sound, SECOND_NS / scale);
    const reader = new BlobReader(options.video);
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

/** Copies blocks in their order, and puts the blocks of the sound between them. */
class BlockCopy {
  readonly #clusters: ClusterWriter;
  readonly #tracks: NewTracks;
  readonly #ticksPerSecond: number;
  readonly #sound: AsyncGenerator<SoundBlock, void, undefined>;
  #next: SoundBlock | undefined;
  #started = false;
  /** When the last sample or picture ends. */
  endTicks: number;

  constructor(clusters: ClusterWriter, tracks: NewTracks, sound: SoundTrack, ticksPerSecond: number) {
    this.#clusters = clusters;
    this.#tracks = tracks;
    this.#ticksPerSecond = ticksPerSecond;
    this.#sound = sound.blocks();
    this.endTicks = sound.seconds * ticksPerSecond;
  }

  /** Takes the time of a cluster, which begins one, or a block. */
  async take(found: Element): Promise<void> {
    if (found.id === ID.Timestamp) {
      const ticks = numberIn([found], ID.Timestamp);
      await this.#addSound(ticks, true);
      await this.#clusters.begin(ticks);
      return;
    }
    const { start } = this.#clusters;
    const block = describeBlock(found);
    const frameNs = block && this.#tracks.kept.get(block.track);
    if (!block || frameNs === undefined || start === undefined) return;
    const ticks = start + block.ticks;
    await this.#addSound(ticks, false);
    const isCue = block.isKey && block.track === this.#tracks.picture;
    this.#clusters.add(found, isCue ? { ticks, track: block.track } : undefined);
    const duration = block.duration || (frameNs * this.#ticksPerSecond) / SECOND_NS;
    this.endTicks = Math.max(this.endTicks, ticks + duration);
  }

  /** Writes the rest of the sound. */
  async finish(): Promise<void> {
    await this.#addSound(Number.POSITIVE_INFINITY, true);
    await this.#clusters.end();
  }

  /** @param between whether no cluster of the file is open: long sound gets its own ones */
  async #addSound(until: number, between: boolean): Promise<void> {
    if (!this.#started) await this.#advance();
    this.#started = true;
    while (this.#next) {
      const ticks = Math.round(this.#next.seconds * this.#ticksPerSecond);
      if (ticks >= until) return;
      const { start } = this.#clusters;
      const isFar = start === undefined || ticks - start >= CLUSTER_SECONDS * this.#ticksPerSecond;
      if (between && isFar) await this.#clusters.begin(ticks);
      const place = this.#clusters.start ?? ticks;
      this.#clusters.add(blockElement(this.#tracks.sound, ticks - place, this.#next));
      await this.#advance();
    }
  }

  async #advance(): Promise<void> {
    const { value, done } = await this.#sound.next();
    this.#next = done ? undefined : value;
  }
}

function describeBlock(found: Element): CopiedBlock | undefined {
  const isSimple = found.id === ID.SimpleBlock;
  const fields = isSimple ? [] : parseElements(found.data);
  const data = isSimple ? found.data : find(fields, ID.Block)?.data;
  const track = data && readVint(data, 0);
  if (!data || track === undefined) return undefined;
  const at = lengthOf(data[0]);
  return {
    track,
    ticks: ((data[at] << 24) >> 16) | data[at + 1],
    isKey: isSimple ? (data[at + 2] & 0x80) !== 0 : !find(fields, ID.ReferenceBlock),
    duration: numberIn(fields, ID.BlockDuration),
  };
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
