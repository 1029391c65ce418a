import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';

/** Seconds in which one clip gives way to another: no click. */
const FADE_SECONDS = 0.015;

type ClipEvents = {
  /** Playing, pausing, or another clip. */
  state: [];
};

/**
 * Plays one of several clips of the same length, round and round: all run on one clock, only one is heard. Choosing
 * another, or putting a newly computed one in its place, goes on from the same moment.
 *
 * @example
 * const clips = new ClipPlayer(scope, 44100, () => player.pause());
 * clips.put('mixture', [left, right]);
 * clips.choose('mixture');
 * await clips.play();
 */
export class ClipPlayer extends Emitter<ClipEvents> {
  readonly #sampleRate: number;
  readonly #quiet: () => void;
  readonly #clips = new Map<string, readonly Float32Array[]>();
  #context: AudioContext | undefined;
  #sounding: { readonly source: AudioBufferSourceNode; readonly gain: GainNode } | undefined;
  #chosen = '';
  #playing = false;
  /** Moment of the context's clock at which the clip was, or would have been, at its beginning. */
  #origin = 0;
  #position = 0;
  #duration = 0;

  /** @param quiet Called before the first sound: whatever else plays should stop */
  constructor(scope: Scope, sampleRate: number, quiet: () => void) {
    super();
    this.#sampleRate = sampleRate;
    this.#quiet = quiet;
    scope.add(() => {
      this.#stop();
      void this.#context?.close();
    });
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Name of the clip that is heard, or would be. */
  get chosen(): string {
    return this.#chosen;
  }

  /** Seconds from the beginning of the clip. */
  get position(): number {
    if (!this.#playing || !this.#context || this.#duration === 0) return this.#position;
    return Math.max(0, this.#context.currentTime - this.#origin) % this.#duration;
  }

  set position(seconds: number) {
    this.#position = this.#duration > 0 ? seconds % this.#duration : 0;
    if (this.#playing) this.#sound();
  }

  /** The samples of a clip; undefined where it is not there yet. */
  clip(name: string): readonly Float32Array[] | undefined {
    return this.#clips.get(name);
  }

  /** Takes a clip, one array a channel; one of that name that is heard gives way to it. */
  put(name: string, channels: readonly Float32Array[]): void {
    this.#clips.set(name, channels);
    this.#duration = (channels[0]?.length ?? 0) / this.#sampleRate;
    if (this.#position >= this.#duration) this.#position = 0;
    if (this.#playing && name === this.#chosen) this.#sound();
    this.emit('state');
  }

  /** Forgets all clips: another piece of the song is coming. */
  clear(): void {
    this.pause();
    this.#clips.clear();
    this.#position = 0;
    this.emit('state');
  }

  choose(name: string): void {
    this.#chosen = name;
    if (this.#playing) this.#sound();
    this.emit('state');
  }

  /** Plays, from a person's click. */
  async play(): Promise<void> {
    if (!this.#clips.has(this.#chosen)) return;
    this.#quiet();
    this.#context ??= new AudioContext({ sampleRate: this.#sampleRate });
    await this.#context.resume();
    this.#playing = true;
    this.#sound();
    this.emit('state');
  }

  pause(): void {
    if (!this.#playing) return;
    this.#position = this.position;
    this.#playing = false;
    this.#stop();
    this.emit('state');
  }

  #sound(): void {
    const context = this.#context;
    const channels = this.#clips.get(this.#chosen);
    if (!context) return;
    const at = this.#sounding ? this.position : this.#position;
    this.#stop();
    this.#position = at;
    if (!channels || channels[0].length === 0) return;
    const buffer = context.createBuffer(channels.length, channels[0].length, this.#sampleRate);
    channels.forEach((channel, c) => {
      buffer.copyToChannel(channel as Float32Array<ArrayBuffer>, c);
    });
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const gain = new GainNode(context, { gain: 0 });
    const now = context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(1, now + FADE_SECONDS);
    source.connect(gain).connect(context.destination);
    source.start(now, at);
    this.#origin = now - at;
    this.#sounding = { source, gain };
  }

  #stop(): void {
    const context = this.#context;
    if (!this.#sounding || !context) return;
    const { source, gain } = this.#sounding;
    this.#sounding = undefined;
    const now = context.currentTime;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setTargetAtTime(0, now, FADE_SECONDS / 3);
    source.stop(now + 2 * FADE_SECONDS);
  }
}
