import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import {
  decibels,
  gainOfPosition,
  isSilent,
  levelsOf,
  type Mix,
  type MixMode,
  mixOf,
  modeOf,
  PRESETS,
  positionOfGain,
  type StemLevel,
  type StemLevels,
  withStemLevel,
} from '../../player/mix-state.ts';
import { h, setText } from '../shell/dom.ts';

const MODES = ['original', 'vocals', 'accompaniment'] as const;
const STEMS = ['vocals', 'accompaniment'] as const;
const BUTTONS = ['muted', 'solo'] as const;

/**
 * The switch Original · Vocals · Accompaniment, and for the head of each lane a fader with mute and solo. They always
 * show the present mix: the switch sets the faders to a preset, and moving a fader shows “Your own mix”.
 */
export class StemSwitch {
  readonly switchElement: HTMLElement;
  /** Name, mute, solo and level of each stem. */
  readonly laneHeads: Readonly<Record<keyof Mix, HTMLElement>>;
  /** What the switch does not show: that the mix is the person's own. */
  readonly status = h('p', { class: 'own-mix', role: 'status' });
  readonly #i18n: I18n;
  readonly #onMix: (mix: Mix, levels: StemLevels) => void;
  readonly #radios = new Map<MixMode, HTMLInputElement>();
  readonly #faders = new Map<keyof Mix, { readonly range: HTMLInputElement; readonly value: HTMLOutputElement }>();
  readonly #buttons = new Map<string, HTMLButtonElement>();
  #levels: StemLevels = levelsOf(PRESETS.original);
  #isHeard = true;

  /** @param onMix Called with the gains, and with the settings of the controls. */
  constructor(scope: Scope, i18n: I18n, onMix: (mix: Mix, levels: StemLevels) => void) {
    this.#i18n = i18n;
    this.#onMix = onMix;
    this.switchElement = h(
      'div',
      { class: 'switch', role: 'radiogroup' },
      ...MODES.map((mode, n) => this.#radio(scope, mode, n)),
    );
    const [vocals, accompaniment] = STEMS.map((stem) => this.#laneHead(scope, stem));
    this.laneHeads = { vocals, accompaniment };
    i18n.bind(scope, () => {
      this.switchElement.setAttribute('aria-label', i18n.t('mix.switch'));
      this.#show();
    });
  }

  /** The present gains. */
  get mix(): Mix {
    return mixOf(this.#levels);
  }

  /** The settings of the controls. */
  get levels(): StemLevels {
    return this.#levels;
  }

  /** Whether its mix is heard; else the switch shows no choice, and any choice is a new one. */
  set isHeard(on: boolean) {
    this.#isHeard = on;
    this.#show();
  }

  /** Sets faders, buttons and switch. */
  set(levels: StemLevels): void {
    this.#levels = levels;
    this.#show();
    this.#onMix(this.mix, levels);
  }

  /** Sets switch and faders to a preset. */
  choose(mode: Exclude<MixMode, 'custom'>): void {
    this.set(levelsOf(PRESETS[mode]));
  }

  #radio(scope: Scope, mode: Exclude<MixMode, 'custom'>, index: number): HTMLElement {
    const radio = h('input', { type: 'radio', name: 'mix', value: mode, class: 'visually-hidden' });
    const text = h('span', { class: 'word' });
    const key = h('kbd', { 'aria-hidden': 'true' }, String(index + 1));
    this.#radios.set(mode, radio);
    scope.listen(radio, 'change', () => this.choose(mode));
    const label = h('label', { class: `segment ${mode}` }, radio, text, key);
    this.#i18n.bind(scope, () => {
      setText(text, this.#i18n.t(`mix.${mode}`));
      label.title = this.#i18n.t('mix.key', { key: index + 1 });
    });
    return label;
  }

  #laneHead(scope: Scope, stem: keyof Mix): HTMLElement {
    const name = h('span', { class: 'title' });
    const value = h('output');
    const range = h('input', {
      type: 'range',
      min: 0,
      max: 1,
      step: 0.01,
      class: `fader ${stem}`,
      id: `fader-${stem}`,
    });
    this.#faders.set(stem, { range, value });
    scope.listen(range, 'input', () => this.#change(stem, { gain: gainOfPosition(range.valueAsNumber) }));
    scope.listen(range, 'dblclick', () => this.#change(stem, { gain: 1 }));
    this.#i18n.bind(scope, () => {
      setText(name, this.#i18n.t(`mix.${stem}`));
      range.setAttribute('aria-label', this.#i18n.t(`mix.${stem}Level`));
      range.title = this.#i18n.t('mix.reset');
    });
    const buttons = BUTTONS.map((kind) => this.#button(scope, stem, kind));
    return h(
      'div',
      { class: `lane-head ${stem}` },
      name,
      h('div', { class: 'stem-buttons' }, ...buttons),
      range,
      value,
    );
  }

  #button(scope: Scope, stem: keyof Mix, kind: (typeof BUTTONS)[number]): HTMLElement {
    const button = h('button', { type: 'button', class: `stem-button ${kind}`, id: `${kind}-${stem}` });
    this.#buttons.set(`${kind}-${stem}`, button);
    scope.listen(button, 'click', () => this.#change(stem, { [kind]: !this.#levels[stem][kind] }));
    this.#i18n.bind(scope, () => {
      const t = this.#i18n.t.bind(this.#i18n);
      const word = t(kind === 'muted' ? 'mix.mute' : 'mix.solo');
      // The first letter, as on mixing consoles; in Chinese the whole word is as short.
      setText(button, this.#i18n.language === 'en' ? word.charAt(0) : word);
      const label = t(kind === 'muted' ? 'mix.muteStem' : 'mix.soloStem', { stem: t(`mix.${stem}`) });
      button.setAttribute('aria-label', label);
      button.title = label;
    });
    return button;
  }

  #change(stem: keyof Mix, change: Partial<StemLevel>): void {
    this.set(withStemLevel(this.#levels, stem, change));
  }

  #show(): void {
    const mix = this.mix;
    const mode = modeOf(mix);
    for (const [name, radio] of this.#radios) radio.checked = this.#isHeard && name === mode;
    this.switchElement.dataset.mode = mode;
    const said = isSilent(mix) ? 'mix.silent' : 'mix.custom';
    setText(this.status, mode === 'custom' && this.#isHeard ? this.#i18n.t(said) : '');
    for (const [stem, { range, value }] of this.#faders) {
      const { gain, muted } = this.#levels[stem];
      const silent = muted || (gain > 0 && mix[stem] === 0);
      range.parentElement?.classList.toggle('silent', silent);
      for (const kind of BUTTONS) {
        this.#buttons.get(`${kind}-${stem}`)?.setAttribute('aria-pressed', String(this.#levels[stem][kind]));
      }
      const position = positionOfGain(gain);
      // While the fader is dragged, its own rounding is not written back.
      if (Math.abs(range.valueAsNumber - position) > 0.006) range.value = String(position);
      const level = decibels(gain);
      const off = level < -59.5;
      const text = off ? this.#i18n.t('mix.off') : this.#i18n.t('mix.decibels', { level: withSign(level) });
      setText(value, text);
      range.setAttribute('aria-valuetext', text);
      range.style.setProperty('--part', String(range.valueAsNumber));
    }
  }
}

function withSign(level: number): string {
  const text = signed(level, 1);
  return Number(level.toFixed(1)) > 0 ? `+${text}` : text;
}
