import { fillIn } from '../core/fill-in.ts';
import { clock } from '../core/format.ts';
import type { Scope } from '../core/scope.ts';
import { gainOfPosition, type Mix, modeOf, PRESETS, positionOfGain } from '../player/mix-state.ts';
import { h, icon, setAttributes, setText } from '../ui/shell/dom.ts';
import { type PlayerMessage, playerMessages } from './player-messages.ts';

export const MODES = ['original', 'vocals', 'accompaniment'] as const;
const STEMS = ['vocals', 'accompaniment'] as const;

/** A preset of the mix. */
export type Mode = (typeof MODES)[number];

/** What the controls ask for. */
export interface PlayerActions {
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly mix: (mix: Mix) => void;
}

/** Buttons, sliders and texts of `<unsung-player>`. They show what they are told, and hold no song. */
export class PlayerControls {
  readonly elements: readonly HTMLElement[];
  readonly #language: () => string;
  readonly #play = h('button', { type: 'button', part: 'play' }, icon('play'));
  readonly #seek = h('input', { type: 'range', class: 'seek', min: 0, max: 1, step: 0.01, value: 0 });
  readonly #time = h('time', {}, '0:00 / 0:00');
  readonly #legend = h('legend', { class: 'visually-hidden' });
  readonly #bar = h('progress', { max: 1, value: 0, part: 'progress', hidden: true });
  readonly #status = h('p', { class: 'status', role: 'status', part: 'status' });
  readonly #radios = new Map<Mode, { readonly radio: HTMLInputElement; readonly word: HTMLElement }>();
  readonly #levels = new Map<keyof Mix, { readonly range: HTMLInputElement; readonly word: HTMLElement }>();
  #mix: Mix = PRESETS.original;
  #playing = false;
  #step: PlayerMessage | undefined;

  /** @param language Gives the BCP 47 tag of the texts. */
  constructor(language: () => string) {
    this.#language = language;
    this.elements = [
      h('div', { class: 'row' }, this.#play, this.#seek, this.#time),
      h('fieldset', { class: 'row', part: 'switch' }, this.#legend, ...MODES.map((mode) => this.#radio(mode))),
      h('div', { class: 'row', part: 'levels' }, ...STEMS.map((stem) => this.#level(stem))),
      this.#bar,
      this.#status,
    ];
  }

  /** Passes what a person does to `actions` until the scope ends. */
  bind(scope: Scope, { toggle, seek, mix }: PlayerActions): void {
    scope.listen(this.#play, 'click', toggle);
    scope.listen(this.#seek, 'input', () => seek(this.#seek.valueAsNumber));
    for (const [mode, { radio }] of this.#radios) scope.listen(radio, 'change', () => mix(PRESETS[mode]));
    for (const [stem, { range }] of this.#levels) {
      scope.listen(range, 'input', () => mix({ ...this.#mix, [stem]: gainOfPosition(range.valueAsNumber) }));
    }
  }

  /** Writes all texts again: the language may have changed. */
  label(): void {
    setText(this.#legend, this.#text('heard'));
    setAttributes(this.#seek, { 'aria-label': this.#text('position') });
    setAttributes(this.#bar, { 'aria-label': this.#text('progress') });
    for (const [mode, { word }] of this.#radios) setText(word, this.#text(mode));
    for (const [stem, { range, word }] of this.#levels) {
      setText(word, this.#text(stem));
      setAttributes(range, { 'aria-label': this.#text(`${stem}Level`) });
    }
    if (this.#step) setText(this.#status, this.#text(this.#step));
    this.showPlaying(this.#playing);
  }

  /** Shows the levels, and the preset that they amount to. */
  showMix(mix: Mix): void {
    this.#mix = mix;
    const mode = modeOf(mix);
    for (const [name, { radio }] of this.#radios) radio.checked = name === mode;
    for (const [stem, { range }] of this.#levels) {
      const position = positionOfGain(mix[stem]);
      // While it is dragged, its own rounding is not written back.
      if (Math.abs(range.valueAsNumber - position) > 0.006) range.value = String(position);
    }
  }

  /** Shows the position in the song, seconds. */
  showPosition(position: number, duration: number): void {
    if (duration > 0) setAttributes(this.#seek, { max: duration });
    this.#seek.value = String(position);
    const values = { position: clock(position), duration: clock(duration) };
    setText(this.#time, `${values.position} / ${values.duration}`);
    setAttributes(this.#seek, { 'aria-valuetext': this.#text('positionValue', values) });
  }

  /** Shows whether the song plays. */
  showPlaying(playing: boolean): void {
    const label = this.#text(playing ? 'pause' : 'play');
    if (this.#playing !== playing) this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
    this.#playing = playing;
    setAttributes(this.#play, { 'aria-label': label, title: label });
  }

  /** Shows a step of the separation, and how much of it is done (0 to 1) where that is known. */
  showStep(step: PlayerMessage, part?: number): void {
    this.showText(this.#text(step));
    this.#step = step;
    if (part !== undefined) setAttributes(this.#bar, { hidden: false, value: part });
  }

  /** Shows a text in place of a step. */
  showText(text: string, failed = false): void {
    this.#bar.hidden = true;
    this.#step = undefined;
    setText(this.#status, text);
    this.#status.classList.toggle('failed', failed);
  }

  #text(key: PlayerMessage, values?: Readonly<Record<string, string | number>>): string {
    return fillIn(playerMessages(this.#language())[key], values);
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
