import { UnsungError } from '../core/errors.ts';
import { fillIn } from '../core/fill-in.ts';
import { clock } from '../core/format.ts';
import { Scope } from '../core/scope.ts';
import { QUALITIES } from '../model/manifest-facts.ts';
import { gainOfPosition, type Mix, modeOf, PRESETS, positionOfGain } from '../player/mix-state.ts';
import { Player } from '../player/player.ts';
import { StemStore } from '../songs/storage/stem-store.ts';
import { h, icon, setAttributes, setText } from '../ui/shell/dom.ts';
import { toAudioData } from './audio-input.ts';
import { type PlayerMessage, playerMessages } from './player-messages.ts';
import { PLAYER_STYLE } from './player-style.ts';
import { createSeparator, type Separator, type Stems } from './separator.ts';

const MODES = ['original', 'vocals', 'accompaniment'] as const;
const STEMS = ['vocals', 'accompaniment'] as const;
type Mode = (typeof MODES)[number];

/** A song that is open in a player. */
interface OpenSong {
  readonly store: StemStore;
  readonly player: Player;
}

/**
 * `<unsung-player src model>`: a song with a switch between original, vocals and accompaniment. Loads and separates when
 * it is first played, or at once with `eager`. Defined by importing the package.
 *
 * Attributes: `src` (a sound file), `model` (a model's folder), `heard` (`original`, `vocals`, `accompaniment`: what is
 * heard at first), `eager`, `backend`, `quality` (`best`, `fast`; default: by the backend's speed), `lang` (`en`, `zh-CN`; default: the page's).
 *
 * Events, all of which bubble: `progress` (detail: `doneSeconds`, `totalSeconds`), `separated`, `play`, `pause`,
 * `error` (detail: an Error with a `hint`).
 */
export class UnsungPlayer extends HTMLElement {
  static readonly observedAttributes = ['src', 'model', 'backend', 'quality', 'heard', 'eager', 'lang'];

  readonly #play = h('button', { type: 'button', part: 'play' }, icon('play'));
  readonly #seek = h('input', { type: 'range', class: 'seek', min: 0, max: 1, step: 0.01, value: 0 });
  readonly #time = h('time', {}, '0:00 / 0:00');
  readonly #legend = h('legend', { class: 'visually-hidden' });
  readonly #bar = h('progress', { max: 1, value: 0, part: 'progress', hidden: true });
  readonly #status = h('p', { class: 'status', role: 'status', part: 'status' });
  readonly #radios = new Map<Mode, { readonly radio: HTMLInputElement; readonly word: HTMLElement }>();
  readonly #levels = new Map<keyof Mix, { readonly range: HTMLInputElement; readonly word: HTMLElement }>();
  #scope = new Scope();
  #mix: Mix = PRESETS.original;
  #separator: Separator | undefined;
  #song: OpenSong | undefined;
  #job: AbortController | undefined;
  #opening: Promise<void> | undefined;
  #step: PlayerMessage | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    // A constructed sheet: no Content-Security-Policy forbids it.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(PLAYER_STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(
      h('div', { class: 'row' }, this.#play, this.#seek, this.#time),
      h('fieldset', { class: 'row', part: 'switch' }, this.#legend, ...MODES.map((mode) => this.#radio(mode))),
      h('div', { class: 'row', part: 'levels' }, ...STEMS.map((stem) => this.#level(stem))),
      this.#bar,
      this.#status,
    );
  }

  connectedCallback(): void {
    this.#scope = new Scope();
    this.#scope.listen(this.#play, 'click', () => void this.#toggle());
    this.#scope.listen(this.#seek, 'input', () => this.#song?.player.seek(this.#seek.valueAsNumber));
    for (const [mode, { radio }] of this.#radios) this.#scope.listen(radio, 'change', () => this.#hear(PRESETS[mode]));
    for (const [stem, { range }] of this.#levels) {
      this.#scope.listen(range, 'input', () =>
        this.#hear({ ...this.#mix, [stem]: gainOfPosition(range.valueAsNumber) }),
      );
    }
    this.#label();
    this.#hear(PRESETS[this.#wished()]);
    if (this.hasAttribute('eager')) void this.#open();
  }

  disconnectedCallback(): void {
    this.#close();
    this.#separator?.dispose();
    this.#separator = undefined;
    this.#scope.dispose();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === 'lang') {
      this.#label();
      return;
    }
    if (name === 'heard') {
      this.#hear(PRESETS[this.#wished()]);
      return;
    }
    if (name === 'model' || name === 'backend' || name === 'quality') {
      this.#separator?.dispose();
      this.#separator = undefined;
    }
    if (name !== 'eager') this.#close();
    if (this.hasAttribute('eager')) void this.#open();
  }

  /** Seconds. */
  get currentTime(): number {
    return this.#song?.player.position ?? 0;
  }

  set currentTime(seconds: number) {
    this.#song?.player.seek(seconds);
  }

  /** Seconds; NaN before the song is there. */
  get duration(): number {
    return this.#song?.player.duration ?? Number.NaN;
  }

  get paused(): boolean {
    return !this.#song?.player.playing;
  }

  /** Linear gains of the stems, 0 to 2. */
  get mix(): Mix {
    return this.#mix;
  }

  set mix(mix: Mix) {
    this.#hear(mix);
  }

  /** What is separated, once all of it is; undefined before. */
  get stems(): Stems | undefined {
    const store = this.#song?.store;
    if (!store?.complete) return undefined;
    const vocals = store.vocals.channels.map((channel) => channel.slice());
    const accompaniment = store.original.channels.map((channel, c) => channel.map((value, n) => value - vocals[c][n]));
    return { sampleRate: store.original.sampleRate, vocals, accompaniment };
  }

  /** Plays, after loading where that is still to be done. From a click or a key the first time. */
  async play(): Promise<void> {
    await this.#open();
    await this.#song?.player.play();
  }

  pause(): void {
    this.#song?.player.pause();
  }

  async #toggle(): Promise<void> {
    if (this.#song?.player.playing) this.pause();
    else await this.play();
  }

  /** Fetches the song and begins to separate it, once. */
  #open(): Promise<void> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load(): Promise<void> {
    const job = new AbortController();
    this.#job = job;
    this.#say('loading');
    try {
      const src = this.getAttribute('src');
      const model = this.getAttribute('model');
      if (!src || !model) throw new TypeError('<unsung-player> needs the attributes src and model.');
      const backend = this.getAttribute('backend') ?? undefined;
      const wished = this.getAttribute('quality');
      const quality = QUALITIES.find((name) => name === wished);
      this.#separator ??= createSeparator({ model, backend, quality });
      const original = await toAudioData(src, job.signal);
      job.signal.throwIfAborted();
      const store = new StemStore(original);
      const player = await Player.create(store);
      if (job.signal.aborted) return await player.dispose();
      this.#song = { store, player };
      player.on('state', () => this.#playing(player.playing));
      player.setMix(this.#mix.vocals, this.#mix.accompaniment);
      setAttributes(this.#seek, { max: player.duration });
      this.#draw();
      void this.#separate(this.#separator, this.#song, job.signal);
    } catch (error) {
      this.#failed(job, error);
    }
  }

  async #separate(separator: Separator, { store, player }: OpenSong, signal: AbortSignal): Promise<void> {
    try {
      const onProgress = (detail: { doneSeconds: number; totalSeconds: number }) => {
        this.#say('separating');
        setAttributes(this.#bar, { hidden: false, value: detail.doneSeconds / detail.totalSeconds });
        this.#emit('progress', detail);
      };
      for await (const chunk of separator.stream(store.original, { signal, onProgress, priority: store.priority })) {
        if (signal.aborted) return;
        await store.write(chunk);
        player.stemsGrew(chunk.start, chunk.start + (chunk.vocals[0]?.length ?? 0));
      }
      this.#say('separated');
      this.#emit('separated');
    } catch (error) {
      if (this.#job) this.#failed(this.#job, error);
    }
  }

  #close(): void {
    this.#job?.abort();
    this.#job = undefined;
    this.#opening = undefined;
    void this.#song?.player.dispose();
    this.#song = undefined;
    this.#tell('');
    this.#playing(false);
  }

  #failed(job: AbortController, error: unknown): void {
    if (job.signal.aborted || this.#job !== job) return;
    // The next press tries again.
    this.#opening = undefined;
    const text = error instanceof UnsungError ? `${error.message} ${error.hint}` : String(error);
    this.#tell(text, true);
    this.#emit('error', error);
  }

  #emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #hear(mix: Mix): void {
    this.#mix = mix;
    this.#song?.player.setMix(mix.vocals, mix.accompaniment);
    const mode = modeOf(mix);
    for (const [name, { radio }] of this.#radios) radio.checked = name === mode;
    for (const [stem, { range }] of this.#levels) {
      const position = positionOfGain(mix[stem]);
      if (Math.abs(range.valueAsNumber - position) > 0.006) range.value = String(position);
    }
  }

  #wished(): Mode {
    const heard = this.getAttribute('heard');
    return MODES.find((mode) => mode === heard) ?? 'original';
  }

  #playing(playing: boolean): void {
    const label = this.#text(playing ? 'pause' : 'play');
    if (this.#play.getAttribute('aria-label') !== label) {
      setAttributes(this.#play, { 'aria-label': label, title: label });
      this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
      if (this.#song) this.#emit(playing ? 'play' : 'pause');
    }
    this.#draw();
  }

  /** Shows the position; goes on while it plays. */
  #draw(): void {
    const song = this.#song;
    const [position, duration] = song ? [song.player.position, song.player.duration] : [0, 0];
    this.#seek.value = String(position);
    const values = { position: clock(position), duration: clock(duration) };
    setText(this.#time, `${values.position} / ${values.duration}`);
    setAttributes(this.#seek, { 'aria-valuetext': this.#text('positionValue', values) });
    if (song?.player.playing) this.#scope.frame(() => this.#song === song && this.#draw());
  }

  /** Says a step of the way to the stems. */
  #say(step: PlayerMessage): void {
    this.#tell(this.#text(step));
    this.#step = step;
  }

  /** Says how things stand; a step that ends, or fails, ends the bar. */
  #tell(text: string, failed = false): void {
    this.#bar.hidden = true;
    this.#step = undefined;
    setText(this.#status, text);
    this.#status.classList.toggle('failed', failed);
  }

  #text(key: PlayerMessage, values?: Readonly<Record<string, string | number>>): string {
    const tag = this.closest<HTMLElement>('[lang]')?.lang ?? navigator.language;
    return fillIn(playerMessages(tag)[key], values);
  }

  #label(): void {
    setText(this.#legend, this.#text('heard'));
    setAttributes(this.#seek, { 'aria-label': this.#text('position') });
    setAttributes(this.#bar, { 'aria-label': this.#text('progress') });
    for (const [mode, { word }] of this.#radios) setText(word, this.#text(mode));
    for (const [stem, { range, word }] of this.#levels) {
      setText(word, this.#text(stem));
      setAttributes(range, { 'aria-label': this.#text(`${stem}Level`) });
    }
    if (this.#step) setText(this.#status, this.#text(this.#step));
    this.#playing(!this.paused);
  }

  #radio(mode: Mode): HTMLElement {
    const radio = h('input', { type: 'radio', name: 'heard', value: mode });
    const word = h('span');
    this.#radios.set(mode, { radio, word });
    return h('label', { part: mode }, radio, word);
  }

  #level(stem: keyof Mix): HTMLElement {
    const range = h('input', { type: 'range', min: 0, max: 1, step: 0.01, value: 0.8 });
    const word = h('span');
    this.#levels.set(stem, { range, word });
    return h('label', { class: `level ${stem}` }, word, range);
  }
}
