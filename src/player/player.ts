import { BackendError } from '../errors.ts';
import { Emitter } from './emitter.ts';
import workletUrl from './mixer.worklet.ts?worker&url';
import { MIXER_NAME, type MixerOptions, type MixerOrder, type MixerReport } from './mixer-messages.ts';
import { heardContextTime, heardPosition } from './playhead.ts';
import { isShared, type StemStore } from './stem-store.ts';

/** What a player tells. */
export type PlayerEvents = {
  /** Playing, pausing, holding or the end changed. */
  state: [];
  /** The position was moved by hand, seconds. */
  seek: [seconds: number];
};

const IDLE: MixerReport = { position: 0, playing: false, holding: false, ended: false, contextTime: 0, token: 0 };

/**
 * Plays one song and its stems on one clock, the audio context's. All mixing is done in the worklet; see mix.ts.
 *
 * @example
 * const player = await Player.create(store);
 * player.setMix(0, 1);
 * await player.play();
 */
export class Player extends Emitter<PlayerEvents> {
  readonly #store: StemStore;
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #volume: GainNode;
  readonly #shared: boolean;
  #report: MixerReport = IDLE;
  #token = 0;
  /** What the person asked for and the worklet has not yet confirmed. */
  #pending: { readonly token: number; readonly playing?: boolean; readonly position?: number } | undefined;
  #floor = 0;

  private constructor(store: StemStore, context: AudioContext, node: AudioWorkletNode) {
    super();
    this.#store = store;
    this.#context = context;
    this.#node = node;
    this.#volume = new GainNode(context);
    this.#shared = store.vocals.channels.every(isShared);
    node.connect(this.#volume).connect(context.destination);
    node.port.onmessage = (event: MessageEvent<MixerReport>) => this.#take(event.data);
    this.#order({
      kind: 'source',
      source: {
        original: store.original.channels,
        vocals: store.vocals.channels,
        length: store.totalSamples,
      },
    });
    this.#order({ kind: 'done', samples: store.doneSamples });
  }

  /**
   * Makes the player of a song, at the song's own rate where the browser can.
   * @throws BackendError where the browser gives no audio output at all.
   */
  static async create(store: StemStore): Promise<Player> {
    try {
      const songRate = store.original.sampleRate;
      const context = openContext(songRate);
      await context.audioWorklet.addModule(workletUrl);
      const options: MixerOptions = { songRate };
      const node = new AudioWorkletNode(context, MIXER_NAME, {
        numberOfInputs: 0,
        outputChannelCount: [store.original.channels.length],
        processorOptions: options,
      });
      return new Player(store, context, node);
    } catch (cause) {
      throw new BackendError(
        'The browser gave no sound output.',
        'Connect a loudspeaker or headphones, close other tabs that play sound, and open the song again.',
        { cause },
      );
    }
  }

  /** Seconds of the song. */
  get duration(): number {
    return this.#store.totalSamples / this.#store.original.sampleRate;
  }

  /** Samples a second of the output. */
  get outputRate(): number {
    return this.#context.sampleRate;
  }

  /** The output runs at another rate than the song: the sound is interpolated. */
  get interpolates(): boolean {
    return this.#context.sampleRate !== this.#store.original.sampleRate;
  }

  /** The person wants it to play. It may be holding. */
  get playing(): boolean {
    return this.#pending?.playing ?? this.#report.playing;
  }

  /** Waiting for stems that are not separated yet. */
  get holding(): boolean {
    return this.playing && this.#report.holding;
  }

  /** What is heard now, in seconds; the output's latency is taken off. */
  get position(): number {
    const rate = this.#store.original.sampleRate;
    if (this.#pending?.position !== undefined) return this.#pending.position / rate;
    const heard = heardContextTime(this.#context, performance.now());
    return heardPosition(this.#report, heard, rate, this.#store.totalSamples, this.#floor) / rate;
  }

  /** Starts, or goes on, or starts again at the end. Must be called from a key or a click the first time. */
  async play(): Promise<void> {
    const position =
      this.#report.ended && this.#pending === undefined ? 0 : this.position * this.#store.original.sampleRate;
    this.#floor = position;
    this.#token++;
    this.#pending = { token: this.#token, playing: true, position };
    this.#order({ kind: 'play', token: this.#token });
    this.emit('state');
    if (this.#context.state !== 'running') await this.#context.resume();
  }

  /** Pauses with a short fade. */
  pause(): void {
    this.#token++;
    this.#pending = { token: this.#token, playing: false };
    this.#order({ kind: 'pause', token: this.#token });
    this.emit('state');
  }

  /** Goes to `seconds`, clamped to the song. */
  seek(seconds: number): void {
    const sample = Math.round(Math.min(Math.max(0, seconds), this.duration) * this.#store.original.sampleRate);
    const playing = this.playing;
    this.#floor = sample;
    this.#token++;
    this.#pending = { token: this.#token, playing, position: sample };
    this.#order({ kind: 'seek', token: this.#token, sample });
    this.emit('seek', sample / this.#store.original.sampleRate);
  }

  /** Linear gains of the two stems; they glide there in 20 ms. */
  setMix(vocals: number, accompaniment: number): void {
    this.#order({ kind: 'mix', vocals, accompaniment });
  }

  /** Volume of the whole, linear, 0 to 1. */
  setVolume(volume: number): void {
    this.#volume.gain.setTargetAtTime(volume, this.#context.currentTime, 0.015);
  }

  /** Tells the worklet that the store has grown by the samples from `start`. */
  stemsGrew(start: number): void {
    const done = this.#store.doneSamples;
    if (!this.#shared && done > start) {
      const vocals = this.#store.vocals.channels.map((channel) => channel.slice(start, done));
      this.#node.port.postMessage({ kind: 'samples', start, vocals } satisfies MixerOrder, {
        transfer: vocals.map((channel) => channel.buffer),
      });
    }
    this.#order({ kind: 'done', samples: done });
  }

  /** Ends the sound and gives the audio device back. */
  async dispose(): Promise<void> {
    this.#node.port.onmessage = null;
    this.#order({ kind: 'end' });
    this.#node.disconnect();
    if (this.#context.state !== 'closed') await this.#context.close();
  }

  #order(order: MixerOrder): void {
    this.#node.port.postMessage(order);
  }

  #take(report: MixerReport): void {
    const before = this.#report;
    const wanted = this.playing;
    this.#report = report;
    if (this.#pending && report.token >= this.#pending.token) this.#pending = undefined;
    const changed = before.holding !== report.holding || before.ended !== report.ended || wanted !== this.playing;
    if (changed) this.emit('state');
  }
}

/** A context at the song's rate; at the device's own rate where that is refused. */
function openContext(sampleRate: number): AudioContext {
  try {
    return new AudioContext({ sampleRate, latencyHint: 'interactive' });
  } catch {
    return new AudioContext({ latencyHint: 'interactive' });
  }
}
