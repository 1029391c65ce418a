import { type Element, find, ID, lengthOf, numberIn, parseElements, readVint } from '../../core/ebml.ts';
import type { ClusterWriter } from './cluster-writer.ts';
import { blockElement, type SoundBlock, type SoundTrack } from './sound-blocks.ts';
import type { NewTracks } from './tracks.ts';

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

/** Copies blocks in their order, and puts the blocks of the sound between them. */
export class BlockCopy {
  readonly #clusters: ClusterWriter;
  readonly #tracks: NewTracks;
  readonly #ticksPerSecond: number;
  readonly #soundStart: number;
  readonly #sound: AsyncGenerator<SoundBlock, void, undefined>;
  #next: SoundBlock | undefined;
  #started = false;
  /** When the last sample or picture ends. */
  endTicks: number;

  /** @param time `soundStart` in seconds */
  constructor(
    clusters: ClusterWriter,
    tracks: NewTracks,
    sound: SoundTrack,
    time: { readonly ticksPerSecond: number; readonly soundStart: number },
  ) {
    this.#clusters = clusters;
    this.#tracks = tracks;
    this.#ticksPerSecond = time.ticksPerSecond;
    this.#soundStart = time.soundStart;
    this.#sound = sound.blocks();
    this.endTicks = (time.soundStart + sound.seconds) * time.ticksPerSecond;
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
      const ticks = Math.round((this.#soundStart + this.#next.seconds) * this.#ticksPerSecond);
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

/** What a SimpleBlock or a BlockGroup says of itself; undefined: it is damaged. */
export function describeBlock(found: Element): CopiedBlock | undefined {
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
