import { type Element, element, elementBytes, headBytes, ID, unsigned } from '../../core/ebml.ts';
import type { SinkWriter } from '../sink-writer.ts';

/** Where playback can begin. */
export interface CuePoint {
  readonly ticks: number;
  readonly track: number;
  /** Where the cluster lies, from the start of the segment's content. */
  readonly position: number;
}

/** Writes clusters one after the other; each is in memory until it ends. */
export class ClusterWriter {
  readonly #writer: SinkWriter;
  readonly #segmentStart: number;
  #parts: Uint8Array[] = [];
  #start: number | undefined;
  #key: Pick<CuePoint, 'ticks' | 'track'> | undefined;
  readonly cues: CuePoint[] = [];

  /** @param segmentStart where the content of the segment begins */
  constructor(writer: SinkWriter, segmentStart: number) {
    this.#writer = writer;
    this.#segmentStart = segmentStart;
  }

  /** The time of the present cluster, ticks; undefined: there is none. */
  get start(): number | undefined {
    return this.#start;
  }

  /** Ends the present cluster and begins one at `ticks`. */
  async begin(ticks: number): Promise<void> {
    await this.end();
    this.#start = ticks;
    this.#parts = [elementBytes(unsigned(ID.Timestamp, ticks))];
  }

  /** Adds a block or a group of one. @param key set if playback can begin with it */
  add(block: Element, key?: Pick<CuePoint, 'ticks' | 'track'>): void {
    this.#parts.push(elementBytes(block));
    this.#key ??= key;
  }

  /** Writes the present cluster; one without blocks is left out. */
  async end(): Promise<void> {
    if (this.#parts.length > 1) {
      const position = this.#writer.position - this.#segmentStart;
      if (this.#key) this.cues.push({ ...this.#key, position });
      const bytes = this.#parts.reduce((sum, part) => sum + part.length, 0);
      await this.#writer.write(headBytes(ID.Cluster, bytes));
      for (const part of this.#parts) await this.#writer.write(part);
    }
    this.#parts = [];
    this.#start = undefined;
    this.#key = undefined;
  }
}

/** The index of the places where playback can begin. */
export function cuesElement(cues: readonly CuePoint[]): Element {
  return element(
    ID.Cues,
    cues.map(({ ticks, track, position }) =>
      element(ID.CuePoint, [
        unsigned(ID.CueTime, ticks),
        element(ID.CueTrackPositions, [unsigned(ID.CueTrack, track), unsigned(ID.CueClusterPosition, position)]),
      ]),
    ),
  );
}
