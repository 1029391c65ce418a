import { Emitter } from '../core/emitter.ts';
import { BackendError } from '../core/errors.ts';
import { Scope } from '../core/scope.ts';
import type { SongStorage } from '../songs/storage/song-storage.ts';
import type { CountIn } from './count-in.ts';
import type { Loop } from './loop.ts';
import { type Mix, PRESETS } from './mix-state.ts';
import workletUrl from './mixer.worklet.ts?worker&url';
import {
  IDLE,
  MIXER_NAME,
  type MixerFailure,
  type MixerOptions,
  type MixerReport,
  type MixerRequest,
} from './mixer-messages.ts';
import { openContext, watchOutput } from './output-device.ts';
import { PlayerResults } from './player-results.ts';
import { heardContextTime, heardPosition, measuresOutput } from './playhead.ts';
import { AS_RECORDED, isAsRecorded, type RateAndKey, rateAndKeyWithin } from './rate-and-key.ts';
import stretchUrl from './stretcher.worklet.ts?worker&url';

/** Events of a player. */
export type PlayerEvents = {
  /** Playing, paused, original instead of stems, or the end changed. */
  state: [];
  /** The user moved the position, seconds. */
  seek: [seconds: number];
  /** Speed and key cannot be changed here: the song plays as recorded again. */
  rateAndKeyFailed: [error: BackendError];
  /** The output device may be gone: the song was paused. */
  outputLost: [];
};

/**
 * Plays one song and its stems on one clock, the audio context's. The worklet does all the mixing; see mixer.ts.
 *
 * @example
 * const player = await Player.create(store);
 * player.setMix(0, 1);
 * await player.play();
 * player.hear(otherStore); // the same song, separated by another model
 */
export class Player extends Emitter<PlayerEvents> {
  /** Whether the browser measures when its output is heard; undefined: not yet known. */
  static #measured: boolean | undefined;
  readonly #results: PlayerResults;
  #store: SongStorage;
  /** Its vocals are subtracted. */
  #minus: SongStorage | undefined;
  #mix: Mix = PRESETS.original;
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #volume: GainNode;
  #report: MixerReport = IDLE;
  #token = 0;
  /** The request that the worklet has not yet confirmed. */
  #pending: { readonly token: number; readonly playing?: boolean; readonly position?: number } | undefined;
  #floor = 0;
  #rateAndKey: RateAndKey = AS_RECORDED;
  #stretch: Promise<void> | undefined;
  readonly #scope = new Scope();

  private constructor(store: SongStorage, context: AudioContext, node: AudioWorkletNode) {
    super();
    this.#store = store;
    this.#context = context;
    this.#node = node;
    this.#volume = new GainNode(context);
    node.connect(this.#volume).connect(context.destination);
    node.port.onmessage = (event: MessageEvent<MixerReport | MixerFailure>) => {
      if ('failed' in event.data) this.#rateAndKeyFailed(event.data.failed);
      else this.#take(event.data);
    };
    watchOutput(this.#scope, {
      context,
      playing: () => this.playing,
      pause: () => {
        this.pause();
        this.emit('outputLost');
      },
      changed: () => this.emit('state'),
      devices: navigator.mediaDevices,
    });
    this.#results = new PlayerResults(this.#scope, (...request) => this.#request(...request));
    this.#results.numberOf(store);
  }

  /**
   * Creates the player of a song, at the song's own sample rate if the browser supports it.
   * @throws BackendError if the browser has no audio output.
   */
  static async create(store: SongStorage): Promise<Player> {
    try {
      const songRate = store.sampleRate;
      const context = openContext(songRate);
      Player.#measured ??= measuresOutput(context);
      await context.audioWorklet.addModule(workletUrl);
      const options: MixerOptions = { songRate, channels: store.channels };
      const node = new AudioWorkletNode(context, MIXER_NAME, {
        numberOfInputs: 0,
        outputChannelCount: [store.channels],
        processorOptions: options,
      });
      return new Player(store, context, node);
    } catch (cause) {
      throw new BackendError('playback.no-output', {}, { cause });
    }
  }

  /** The result whose vocals are subtracted; undefined: one result is heard. */
  get minus(): SongStorage | undefined {
    return this.#minus;
  }

  /**
   * Plays another result of the song, of the same rate, length and channels, from the same sample on.
   * @param minus The difference is heard: the vocals of `store` minus the vocals of this one, at full level.
   */
  hear(store: SongStorage, minus?: SongStorage): void {
    this.#store = store;
    this.#minus = minus;
    const heard = { of: this.#results.numberOf(store), minus: minus && this.#results.numberOf(minus) };
    this.#request({ kind: 'hear', heard });
    this.#sendMix();
  }

  /** Releases results that will not be heard: all but these, and those that are. */
  keep(stores: readonly SongStorage[]): void {
    this.#results.keep(new Set([...stores, this.#store, ...(this.#minus ? [this.#minus] : [])]));
  }

  /** Duration of the song, seconds. */
  get duration(): number {
    return this.#store.samples / this.#store.sampleRate;
  }

  /** Sample rate of the output, hertz. */
  get outputRate(): number {
    return this.#context.sampleRate;
  }

  /** The sample rates of output and song differ: samples are interpolated. */
  get interpolates(): boolean {
    return this.#context.sampleRate !== this.#store.sampleRate;
  }

  /** Whether playback was requested. */
  get playing(): boolean {
    return this.#pending?.playing ?? this.#report.playing;
  }

  /** The original plays instead of the stems, which are not separated here. */
  get standsIn(): boolean {
    return this.playing && this.#report.standsIn;
  }

  /** Beats of the count-in that remain; 0 when no count-in runs. */
  get counting(): number {
    return this.playing ? this.#report.counting : 0;
  }

  /** The browser has suspended the output: sleep, a call, or no permission to play sound yet. */
  get interrupted(): boolean {
    return this.playing && this.#context.state !== 'running';
  }

  /** Requested speed and key. */
  get rateAndKey(): RateAndKey {
    return this.#rateAndKey;
  }

  /** Audible position, seconds: the output's latency is subtracted. */
  get position(): number {
    const rate = this.#store.sampleRate;
    if (this.#pending?.position !== undefined) return this.#pending.position / rate;
    const heard = heardContextTime(this.#context, performance.now(), Player.#measured);
    return heardPosition(this.#report, heard, rate, this.#store.samples, this.#floor) / rate;
  }

  /**
   * Starts or resumes; after the end, starts again. The first call must come from a key or a click.
   * @param countIn Clicks before the song.
   */
  async play(countIn?: CountIn): Promise<void> {
    const position = this.#report.ended && this.#pending === undefined ? 0 : this.position * this.#store.sampleRate;
    this.#floor = position;
    this.#token++;
    this.#pending = { token: this.#token, playing: true, position };
    this.#request({ kind: 'play', token: this.#token, countIn });
    this.emit('state');
    if (this.#context.state !== 'running') await this.#context.resume();
  }

  /** Pauses with a short fade. */
  pause(): void {
    this.#token++;
    this.#pending = { token: this.#token, playing: false };
    this.#request({ kind: 'pause', token: this.#token });
    this.emit('state');
  }

  /** Seeks to `seconds`, clamped to the song. */
  seek(seconds: number): void {
    const sample = Math.round(Math.min(Math.max(0, seconds), this.duration) * this.#store.sampleRate);
    const playing = this.playing;
    this.#floor = sample;
    this.#token++;
    this.#pending = { token: this.#token, playing, position: sample };
    this.#request({ kind: 'seek', token: this.#token, sample });
    // The part that plays next is separated next.
    this.#store.priority.at(sample);
    this.emit('seek', sample / this.#store.sampleRate);
  }

  /** Linear gains of the two stems, as set last. */
  get mix(): Mix {
    return this.#mix;
  }

  /** Sets linear gains of the two stems; they ramp within 20 ms. */
  setMix(vocals: number, accompaniment: number): void {
    this.#mix = { vocals, accompaniment };
    this.#sendMix();
  }

  /** Repeats a part of the song, exact to the sample; undefined: plays on to the end. */
  setLoop(loop: Loop | undefined): void {
    this.#request({ kind: 'loop', loop });
    const sample = this.position * this.#store.sampleRate;
    // Shown at once; the worklet also jumps back from after the loop's end.
    if (loop && (sample < loop.start || sample >= loop.end)) this.seek(loop.start / this.#store.sampleRate);
  }

  /** Changes speed and key. The stretcher is loaded with the first change. */
  async setRateAndKey(wished: RateAndKey): Promise<void> {
    const rateAndKey = rateAndKeyWithin(wished);
    this.#rateAndKey = rateAndKey;
    if (!isAsRecorded(rateAndKey)) {
      try {
        this.#stretch ??= this.#context.audioWorklet.addModule(stretchUrl);
        await this.#stretch;
      } catch (cause) {
        this.#stretch = undefined;
        this.#rateAndKeyFailed(String(cause));
        return;
      }
    }
    // A newer request replaces this one.
    if (rateAndKey === this.#rateAndKey) this.#request({ kind: 'rateAndKey', rateAndKey });
  }

  /** Sets the output volume, linear, 0 to 1. */
  setVolume(volume: number): void {
    this.#volume.gain.setTargetAtTime(volume, this.#context.currentTime, 0.015);
  }

  /** Stops the sound and releases the audio device. */
  async dispose(): Promise<void> {
    this.#scope.dispose();
    this.#node.port.onmessage = null;
    this.#request({ kind: 'end' });
    this.#node.disconnect();
    if (this.#context.state !== 'closed') await this.#context.close();
  }

  #request(request: MixerRequest, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(request, transfer);
  }

  /** The difference has one level, whatever the stems have. */
  #sendMix(): void {
    this.#request({ kind: 'mix', ...(this.#minus ? PRESETS.vocals : this.#mix) });
  }

  #take(report: MixerReport): void {
    const before = this.#report;
    const wanted = this.playing;
    this.#report = report;
    if (this.#pending && report.token >= this.#pending.token) this.#pending = undefined;
    const changed =
      before.standsIn !== report.standsIn ||
      before.ended !== report.ended ||
      before.counting !== report.counting ||
      wanted !== this.playing;
    // Reached a part that is not separated, also by the loop.
    if (report.standsIn && !before.standsIn && !this.#pending) this.#store.priority.at(Math.round(report.position));
    if (changed) this.emit('state');
  }

  #rateAndKeyFailed(detail: string): void {
    this.#rateAndKey = AS_RECORDED;
    this.#request({ kind: 'rateAndKey', rateAndKey: AS_RECORDED });
    this.emit('rateAndKeyFailed', new BackendError('playback.no-stretch', {}, { cause: detail }));
  }
}
