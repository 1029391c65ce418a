import { subtractChannels } from '../audio/subtract.ts';
import { UnsungError } from '../core/errors.ts';
import { Scope } from '../core/scope.ts';
import { QUALITIES } from '../model/manifest-facts.ts';
import { type Mix, PRESETS } from '../player/mix-state.ts';
import { Player } from '../player/player.ts';
import { MemorySongStorage } from '../songs/storage/memory-song-storage.ts';
import { toAudioData } from './audio-input.ts';
import { MODES, PlayerControls } from './player-controls.ts';
import { PLAYER_STYLE } from './player-style.ts';
import { createSeparator, type Separator, type Stems } from './separator.ts';

/** A song that is open in a player. */
interface OpenSong {
  readonly store: MemorySongStorage;
  readonly player: Player;
}

/**
 * `<unsung-player src model>`: plays a song with a switch between original, vocals and accompaniment. It loads and
 * separates the song at the first press of Play, or at once with `eager`. Importing the package defines it.
 *
 * Attributes: `src` (address of a sound file), `model` (address of a model's folder), `heard` (`original`, `vocals` or
 * `accompaniment`: the mix at first), `eager`, `backend`, `quality` (`best` or `fast`; default: by the backend's speed),
 * `lang` (`en` or `zh-CN`; default: the page's).
 *
 * Events, all of which bubble: `progress` (detail: `doneSeconds`, `totalSeconds`), `separated`, `play`, `pause`,
 * `error` (detail: an Error with a `hint`).
 *
 * @example
 * <unsung-player src="song.mp3" model="models/spleeter/"></unsung-player>
 */
export class UnsungPlayer extends HTMLElement {
  static readonly observedAttributes = ['src', 'model', 'backend', 'quality', 'heard', 'eager', 'lang'];

  readonly #controls = new PlayerControls(() => this.closest<HTMLElement>('[lang]')?.lang ?? navigator.language);
  #scope = new Scope();
  #mix: Mix = PRESETS.original;
  #playing = false;
  #separator: Separator | undefined;
  #song: OpenSong | undefined;
  #job: AbortController | undefined;
  #opening: Promise<void> | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    // A constructed sheet, which no Content-Security-Policy forbids.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(PLAYER_STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(...this.#controls.elements);
  }

  connectedCallback(): void {
    this.#scope = new Scope();
    this.#controls.bind(this.#scope, {
      toggle: () => void this.#toggle(),
      seek: (seconds) => this.#song?.player.seek(seconds),
      mix: (mix) => {
        this.mix = mix;
      },
    });
    this.#controls.label();
    this.#showPosition();
    this.mix = this.#presetMix();
    if (this.hasAttribute('eager')) void this.#open();
  }

  disconnectedCallback(): void {
    this.#close();
    this.#disposeSeparator();
    this.#scope.dispose();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === 'lang') {
      this.#controls.label();
      this.#showPosition();
      return;
    }
    if (name === 'heard') {
      this.mix = this.#presetMix();
      return;
    }
    if (name === 'model' || name === 'backend' || name === 'quality') this.#disposeSeparator();
    if (name !== 'eager') this.#close();
    if (this.hasAttribute('eager')) void this.#open();
  }

  /** Position in the song, seconds; 0 before it is loaded. */
  get currentTime(): number {
    return this.#song?.player.position ?? 0;
  }

  set currentTime(seconds: number) {
    this.#song?.player.seek(seconds);
  }

  /** Duration of the song, seconds; NaN before it is loaded. */
  get duration(): number {
    return this.#song?.player.duration ?? Number.NaN;
  }

  /** Whether the song does not play. */
  get paused(): boolean {
    return !this.#song?.player.playing;
  }

  /** Linear gains of the stems, 0 to 2. */
  get mix(): Mix {
    return this.#mix;
  }

  set mix(mix: Mix) {
    this.#mix = mix;
    this.#song?.player.setMix(mix.vocals, mix.accompaniment);
    this.#controls.showMix(mix);
  }

  /** Copies of both stems once the whole song is separated; undefined before. */
  get stems(): Stems | undefined {
    const store = this.#song?.store;
    if (!store?.complete) return undefined;
    const { original, vocals: stored } = store.whole;
    const vocals = stored.channels.map((channel) => channel.slice());
    const accompaniment = subtractChannels(original.channels, vocals);
    return { sampleRate: original.sampleRate, vocals, accompaniment };
  }

  /** Plays the song; loads it first where that is still to be done. Browsers want a click or a key the first time. */
  async play(): Promise<void> {
    await this.#open();
    await this.#song?.player.play();
  }

  /** Pauses the song. */
  pause(): void {
    this.#song?.player.pause();
  }

  async #toggle(): Promise<void> {
    if (this.#song?.player.playing) this.pause();
    else await this.play();
  }

  /** Loads the song and begins to separate it, once. */
  #open(): Promise<void> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load(): Promise<void> {
    const job = new AbortController();
    this.#job = job;
    this.#controls.showStep('loading');
    try {
      const src = this.getAttribute('src');
      const model = this.getAttribute('model');
      if (!src || !model) throw new TypeError('<unsung-player> needs the attributes src and model.');
      const backend = this.getAttribute('backend') ?? undefined;
      const quality = QUALITIES.find((name) => name === this.getAttribute('quality'));
      this.#separator ??= createSeparator({ model, backend, quality });
      const original = await toAudioData(src, job.signal);
      job.signal.throwIfAborted();
      const store = new MemorySongStorage(original);
      const player = await Player.create(store);
      if (job.signal.aborted) return await player.dispose();
      this.#song = { store, player };
      player.on('state', () => this.#showPlaying(player.playing));
      player.setMix(this.#mix.vocals, this.#mix.accompaniment);
      this.#showPosition();
      void this.#separate(this.#separator, this.#song, job.signal);
    } catch (error) {
      this.#fail(job, error);
    }
  }

  async #separate(separator: Separator, { store }: OpenSong, signal: AbortSignal): Promise<void> {
    try {
      const onProgress = (detail: { doneSeconds: number; totalSeconds: number }) => {
        this.#controls.showStep('separating', detail.doneSeconds / detail.totalSeconds);
        this.#emit('progress', detail);
      };
      for await (const chunk of separator.stream(store.separationInput(), {
        signal,
        onProgress,
        priority: store.priority,
        previews: true,
      })) {
        if (signal.aborted) return;
        await store.write(chunk);
      }
      this.#controls.showStep('separated');
      this.#emit('separated');
    } catch (error) {
      if (this.#job) this.#fail(this.#job, error);
    }
  }

  #close(): void {
    this.#job?.abort();
    this.#job = undefined;
    this.#opening = undefined;
    void this.#song?.player.dispose();
    this.#song = undefined;
    this.#controls.showText('');
    this.#showPlaying(false);
  }

  #disposeSeparator(): void {
    this.#separator?.dispose();
    this.#separator = undefined;
  }

  #fail(job: AbortController, error: unknown): void {
    if (job.signal.aborted || this.#job !== job) return;
    // The next press of Play tries again.
    this.#opening = undefined;
    this.#controls.showText(error instanceof UnsungError ? `${error.message} ${error.hint}` : String(error), true);
    this.#emit('error', error);
  }

  #emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #presetMix(): Mix {
    const heard = this.getAttribute('heard');
    return PRESETS[MODES.find((mode) => mode === heard) ?? 'original'];
  }

  #showPlaying(playing: boolean): void {
    this.#controls.showPlaying(playing);
    if (this.#song && playing !== this.#playing) this.#emit(playing ? 'play' : 'pause');
    this.#playing = playing;
    this.#showPosition();
  }

  /** Shows the position, frame after frame while the song plays. */
  #showPosition(): void {
    const song = this.#song;
    this.#controls.showPosition(song?.player.position ?? 0, song?.player.duration ?? 0);
    if (song?.player.playing) this.#scope.frame(() => this.#song === song && this.#showPosition());
  }
}
