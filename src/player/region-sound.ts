import type { Scope } from '../core/scope.ts';
import type { SongStorage } from '../songs/storage/song-storage.ts';

/** Seconds of a region that are played at most: what is filtered lies in memory. */
export const MAX_HEARD_SECONDS = 120;

/** Seconds of fade at both ends, so that a region begins, ends and repeats without a click. */
const FADE_SECONDS = 0.006;

/** Seconds beside the region that the filter looks at. */
const MARGIN_SECONDS = 0.2;

export type HeardSound = 'mixture' | 'vocals' | 'accompaniment';

/** A part of the song: seconds and hertz. */
export interface HeardRegion {
  readonly start: number;
  readonly end: number;
  readonly lowHz: number;
  readonly highHz: number;
}

/** Filters a sound in another thread; see ui/spectrogram/spectrogram-client.ts. */
export type BandFilter = (
  channels: readonly Float32Array<ArrayBuffer>[],
  sampleRate: number,
  band: { readonly lowHz: number; readonly highHz: number },
  cut: readonly [before: number, after: number],
) => Promise<readonly Float32Array<ArrayBuffer>[]>;

/**
 * Plays a region of the spectrograms, and nothing else of the song: its seconds, and of those only its frequencies.
 *
 * @example
 * const sound = new RegionSound(scope, store, filter, () => show(sound.playing));
 * await sound.play(region, 'vocals', true);
 */
export class RegionSound {
  readonly #scope: Scope;
  readonly #store: SongStorage;
  readonly #filter: BandFilter;
  readonly #changed: () => void;
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;
  #preparing = false;
  /** Counts wishes: one that is overtaken by the next does not sound. */
  #turn = 0;

  constructor(scope: Scope, store: SongStorage, filter: BandFilter, changed: () => void) {
    this.#scope = scope;
    this.#store = store;
    this.#filter = filter;
    this.#changed = changed;
    scope.add(() => {
      this.stop();
      void this.#context?.close();
    });
  }

  /** A region sounds, or is about to. */
  get playing(): boolean {
    return this.#preparing || this.#source !== undefined;
  }

  /** Plays a region, once or over and over. Must be called from a key or a click the first time. */
  async play(region: HeardRegion, sound: HeardSound, loop: boolean): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const { sampleRate } = this.#store;
    this.#context ??= openContext(sampleRate);
    const context = this.#context;
    const resumed = context.state === 'running' ? undefined : context.resume();
    this.#preparing = true;
    this.#changed();
    const channels = await this.render(region, sound);
    await resumed;
    if (turn !== this.#turn || this.#scope.disposed) return;
    this.#preparing = false;
    const buffer = new AudioBuffer({ length: channels[0].length, numberOfChannels: channels.length, sampleRate });
    for (const [c, channel] of channels.entries()) buffer.copyToChannel(channel, c);
    const source = new AudioBufferSourceNode(context, { buffer, loop });
    source.connect(context.destination);
    source.onended = () => {
      if (this.#source !== source) return;
      this.#source = undefined;
      this.#changed();
    };
    this.#source = source;
    source.start();
    this.#changed();
  }

  /** Goes on once more, and then no further; or over and over. */
  set loop(on: boolean) {
    if (this.#source) this.#source.loop = on;
  }

  /** Ends the sound. */
  stop(): void {
    this.#turn++;
    const source = this.#source;
    const sounded = this.playing;
    this.#preparing = false;
    this.#source = undefined;
    source?.stop();
    if (sounded) this.#changed();
  }

  /** The samples of a region, faded in and out; one array per channel. */
  async render(region: HeardRegion, sound: HeardSound): Promise<readonly Float32Array<ArrayBuffer>[]> {
    const { sampleRate } = this.#store;
    const samples = this.#store.samples;
    const at = (seconds: number) => Math.min(samples, Math.max(0, Math.round(seconds * sampleRate)));
    const from = at(region.start);
    const to = at(Math.min(region.end, region.start + MAX_HEARD_SECONDS));
    const margin = Math.round(MARGIN_SECONDS * sampleRate);
    const [first, last] = [Math.max(0, from - margin), Math.min(samples, to + margin)];
    const stem = await this.#read(first, last, sound);
    const kept = await this.#filter(stem, sampleRate, region, [from - first, last - to]);
    for (const channel of kept) fade(channel, Math.round(FADE_SECONDS * sampleRate));
    return kept;
  }

  async #read(first: number, last: number, sound: HeardSound): Promise<Float32Array<ArrayBuffer>[]> {
    const { original, vocals } = await this.#store.read(first, last);
    return original.map((mixture, c) => {
      const voice = vocals[Math.min(c, vocals.length - 1)];
      if (sound === 'mixture') return Float32Array.from(mixture);
      if (sound === 'vocals') return Float32Array.from(voice);
      return Float32Array.from(mixture, (value, n) => value - voice[n]);
    });
  }
}

/** A context at the song's rate; where the device refuses that, its own, at which the browser plays the song's. */
function openContext(sampleRate: number): AudioContext {
  try {
    return new AudioContext({ sampleRate });
  } catch {
    return new AudioContext();
  }
}

/** Half raised cosines at both ends. */
function fade(channel: Float32Array, samples: number): void {
  const length = Math.min(samples, Math.floor(channel.length / 2));
  for (let n = 0; n < length; n++) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * n) / length);
    channel[n] *= gain;
    channel[channel.length - 1 - n] *= gain;
  }
}
