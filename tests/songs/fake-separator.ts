import type { AudioData } from '../../src/audio/audio-data.ts';
import { Ranges } from '../../src/core/ranges.ts';
import type { Quality } from '../../src/model/manifest.ts';
import type { ModelChoice } from '../../src/separation/model-choice.ts';
import type { PortSong, SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import type { Separator } from '../../src/songs/separate-song.ts';

export const RATE = 100;
/** Samples of every song, and of a piece of it: three pieces a song. */
export const SAMPLES = 300;
export const PIECE = 100;
/** 10 frames a second. */
export const SCALE = { frames: 30, bins: 2, firstBinHz: 1, binHz: 1, frameSeconds: 0.1 };

/** A song whose samples all equal its letter's code, in thousandths. */
export const soundOf = (letter: string): AudioData => ({
  sampleRate: RATE,
  channels: [new Float32Array(SAMPLES).fill(letter.charCodeAt(0) / 1000)],
});

const letterOf = (sample: number) => String.fromCharCode(Math.round(1000 * sample));

/** A fake separation that makes one piece for each allowed one. The vocals are half of the song. */
export class FakeSeparator implements Separator {
  model: ModelChoice = { origin: 'built-in', id: 'spleeter' };
  quality: Quality | undefined;
  /** The pieces that were made: “A0” is the first of song A. */
  readonly made: string[] = [];
  /** The piece requested last, which is being made. */
  asked: string | undefined;
  /** Thrown in place of the next piece. */
  fault: unknown;
  /** The engine is ready after this promise. */
  ready: Promise<void> = Promise.resolve();
  /** Gives a preview of the first half second, where the caller wants previews: a quarter of the song. */
  previews = false;
  /** How often it was told that a song comes. */
  warmedUp = 0;
  #allowed = 0;
  #waiting: (() => void)[] = [];

  /** Allows this many more pieces. */
  allow(count = Number.POSITIVE_INFINITY): void {
    this.#allowed += count;
    this.#wake();
  }

  /** Allows no more pieces for now. */
  hold(): void {
    this.#allowed = 0;
  }

  async warmUp(): Promise<void> {
    this.warmedUp++;
  }

  async qualityInUse(): Promise<Quality | undefined> {
    await this.ready;
    return this.quality;
  }

  async *separate(song: AudioData | PortSong, options: SeparationOptions = {}): AsyncGenerator<SeparationChunk, void> {
    const { signal, done = [] } = options;
    const { model } = this;
    const original = 'port' in song ? soundOf('?') : song;
    if (this.previews && options.previews) yield previewOf(original);
    for (const { start } of new Ranges(done).gaps(SAMPLES).flatMap(({ start, end }) => piecesOf(start, end))) {
      this.asked = `${letterOf(original.channels[0][start])}${start / PIECE}`;
      await this.#turn(signal);
      signal?.throwIfAborted();
      if (this.fault) {
        const { fault } = this;
        this.fault = undefined;
        throw fault;
      }
      // Another model takes the place of this one: what is being separated ends.
      if (this.model !== model) return;
      this.made.push(`${letterOf(original.channels[0][start])}${start / PIECE}`);
      yield pieceOf(original, start);
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    while (this.#allowed < 1 && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (!signal?.aborted) this.#allowed--;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function piecesOf(start: number, end: number): readonly { readonly start: number }[] {
  return Array.from({ length: Math.ceil((end - start) / PIECE) }, (_, n) => ({ start: start + n * PIECE }));
}

function previewOf(original: AudioData): SeparationChunk {
  const { spectrogram, ...piece } = pieceOf(original, 0);
  const quarter = piece.vocals.map((channel) => channel.slice(0, PIECE / 2).map((value) => value / 2));
  const none = new Float32Array(0);
  return {
    ...piece,
    isPreview: true,
    vocals: quarter,
    accompaniment: quarter.map((channel) => channel.map((value) => 3 * value)),
    spectrogram: { ...spectrogram, frames: 0, mixture: none, mask: none },
    doneSamples: 0,
  };
}

function pieceOf({ channels }: AudioData, start: number): SeparationChunk {
  const frames = 10;
  const half = channels.map((channel) => channel.slice(start, start + PIECE).map((value) => value / 2));
  return {
    start,
    vocals: half,
    accompaniment: half.map((channel) => channel.slice()),
    spectrogram: {
      firstFrame: start / 10,
      frames,
      bins: SCALE.bins,
      mixture: new Float32Array(SCALE.bins * frames).fill(0.5),
      mask: new Float32Array(SCALE.bins * frames).fill(0.5),
    },
    scale: SCALE,
    doneSamples: start + PIECE,
    totalSamples: SAMPLES,
  };
}
