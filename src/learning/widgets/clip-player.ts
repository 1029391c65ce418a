import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';

/** Seconds of the fade from one clip to another: no click. */
const FADE_SECONDS = 0.015;

/** Clips by their names, one array a channel. */
export type Clips = ReadonlyMap<string, readonly Float32Array[]>;

type ClipEvents = {
  /** Playing, pausing, or another clip. */
  state: [];
};

/**
 * Plays one of several clips of the same length in a loop. Choosing another clip, or replacing one, continues at the same
 * position.
 *
 * @example
 * const player = new ClipPlayer(scope, 44100, () => song.pause());
 * player.update(new Map([['mixture', [left, right]]]));
 * player.choose('mixture');
 * await player.play();
 */
export class ClipPlayer extends Emitter<ClipEvents> {
  readonly #sampleRate: number;
  readonly #beforePlaying: () => void;
  #clips: Clips = new Map();
  #context: AudioContext | undefined;
  #playingNode: { readonly source: AudioBufferSourceNode; readonly gain: GainNode } | undefined;
  #chosen = '';
  #playing = false;
  /** Moment of the context's clock at which the clip began, or would have begun. */
  #origin = 0;
  #position = 0;
  #duration = 0;

  /** @param beforePlaying called before playing starts: other sounds should stop */
  constructor(scope: Scope, sampleRate: number, beforePlaying: () => void) {
    super();
    this.#sampleRate = sampleRate;
    this.#beforePlaying = beforePlaying;
    scope.add(() => {
      this.#stop();
      void this.#context?.close();
    });
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Name of the clip that plays, or would play. */
  get chosen(): string {
    return this.#chosen;
  }

  /** Seconds from the beginning of the clip. */
  get position(): number {
    if (!this.#playing || !this.#context || this.#duration === 0) return this.#position;
    return Math.max(0, this.#context.currentTime - this.#origin) % this.#duration;
  }

  /** Whether a clip is there to be played. */
  has(name: string): boolean {
    return this.#clips.has(name);
  }

  /**
   * Takes the clips that can be played. A new clip under the same name continues where the old one was; a name that is
   * gone means another excerpt, so playing stops.
   */
  update(clips: Clips): void {
    const before = this.#clips;
    const isSame = (name: string) => before.get(name)?.[0] === clips.get(name)?.[0];
    const gone = [...before.keys()].some((name) => !clips.has(name));
    if (!gone && clips.size === before.size && [...clips.keys()].every(isSame)) return;
    if (gone) {
      this.pause();
      this.#position = 0;
    }
    const changed = !isSame(this.#chosen);
    this.#clips = new Map(clips);
    const [first] = clips.values();
    this.#duration = (first?.[0]?.length ?? 0) / this.#sampleRate;
    if (this.#position >= this.#duration) this.#position = 0;
    if (this.#playing && changed) this.#start();
    this.emit('state');
  }

  choose(name: string): void {
    this.#chosen = name;
    if (this.#playing) this.#start();
    this.emit('state');
  }

  /** Plays the chosen clip. Call it from a person's click: browsers ask for one. */
  async play(): Promise<void> {
    if (!this.#clips.has(this.#chosen)) return;
    this.#beforePlaying();
    this.#context ??= new AudioContext({ sampleRate: this.#sampleRate });
    await this.#context.resume();
    this.#playing = true;
    this.#start();
    this.emit('state');
  }

  pause(): void {
    if (!this.#playing) return;
    this.#position = this.position;
    this.#playing = false;
    this.#stop();
    this.emit('state');
  }

  #start(): void {
    const context = this.#context;
    const channels = this.#clips.get(this.#chosen);
    if (!context) return;
    const at = this.#playingNode ? this.position : this.#position;
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
    this.#playingNode = { source, gain };
  }

  #stop(): void {
    const context = this.#context;
    if (!this.#playingNode || !context) return;
    const { source, gain } = this.#playingNode;
    this.#playingNode = undefined;
    const now = context.currentTime;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setTargetAtTime(0, now, FADE_SECONDS / 3);
    source.stop(now + 2 * FADE_SECONDS);
  }
}
