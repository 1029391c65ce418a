import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import { QUALITIES, type Quality } from '../../model/manifest-facts.ts';
import { OVERLAP } from '../../separation/patch-grid.ts';
import type { EngineStatus } from '../../separation/separation-client.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';

/** What the switch shows. */
export interface QualityFacts {
  /** Manifest of the chosen model; undefined: not known yet. */
  readonly manifest: Pick<ModelManifest, 'qualities' | 'networks' | 'patch' | 'stft' | 'sampleRate'> | undefined;
  readonly speeds: EngineStatus['speeds'];
  /** The quality of the next separation; undefined: the probe has not decided yet. */
  readonly chosen: Quality | undefined;
  /** The quality of the open song, if the same model separated it. */
  readonly song: Quality | undefined;
}

/** What a person does with the switch. */
export interface QualityActions {
  readonly choose: (quality: Quality) => void;
  /** Separates the open song again. */
  readonly again: () => void;
}

/**
 * The switch Best · Fast, and a line that describes the chosen quality. It is hidden for a model with one quality. A
 * button separates the open song again if it was separated at the other quality.
 */
export class QualitySwitch {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #says = h('p', { class: 'quality-description visually-hidden', id: 'quality-description', role: 'status' });
  readonly #group: HTMLElement;
  readonly #options = new Map<Quality, { readonly label: HTMLElement; readonly radio: HTMLInputElement }>();
  readonly #again = h(
    'button',
    { type: 'button', class: 'button small', id: 'quality-again', hidden: true },
    icon('again'),
    h('span'),
  );
  #facts: QualityFacts = { manifest: undefined, speeds: undefined, chosen: undefined, song: undefined };

  constructor(scope: Scope, i18n: I18n, actions: QualityActions) {
    this.#i18n = i18n;
    this.#group = h(
      'div',
      { class: 'quality-switch', role: 'radiogroup', 'aria-describedby': this.#says.id },
      ...QUALITIES.map((quality) => {
        const radio = h('input', { type: 'radio', name: 'quality', value: quality, class: 'visually-hidden' });
        const label = h('label', { class: 'quality-option' }, radio, h('span'));
        scope.listen(radio, 'change', () => actions.choose(quality));
        this.#options.set(quality, { label, radio });
        return label;
      }),
    );
    this.element = h('div', { class: 'quality', hidden: true }, this.#group, this.#says, this.#again);
    scope.listen(this.#again, 'click', () => {
      // The button disappears when it is pressed.
      this.#options.get(this.#facts.chosen ?? 'best')?.radio.focus();
      actions.again();
    });
    i18n.bind(scope, () => this.#draw());
  }

  show(facts: QualityFacts): void {
    this.#facts = facts;
    this.#draw();
  }

  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const { manifest, chosen, song } = this.#facts;
    this.element.hidden = !manifest?.qualities;
    if (!manifest?.qualities) return;
    setAttributes(this.#group, { 'aria-label': t('quality.label') });
    for (const [quality, { label, radio }] of this.#options) {
      radio.checked = quality === chosen;
      setText(label.lastElementChild as HTMLElement, t(`quality.${quality}`));
      label.title = `${t(`quality.${quality}`)}: ${this.#describe(quality)}`;
    }
    setText(this.#says, chosen ? this.#describe(chosen) : t('quality.choosing'));
    this.#again.hidden = song === undefined || chosen === undefined || song === chosen;
    if (this.#again.hidden || !chosen) return;
    setText(this.#again.lastElementChild as HTMLElement, t('quality.again'));
    this.#again.title = t('quality.againTitle', {
      quality: t(`quality.${chosen}`),
      before: t(`quality.${song ?? chosen}`),
    });
  }

  /** “Both networks, up to 11 kHz, about 4 × real time”. */
  #describe(quality: Quality): string {
    const t = this.#i18n.t.bind(this.#i18n);
    const { manifest, speeds } = this.#facts;
    if (!manifest?.qualities) return '';
    const { networks, bins } = manifest.qualities[quality];
    const count = networks.length;
    const whole = count === 2 && Object.keys(manifest.networks).length === 2;
    const { patch, sampleRate, stft } = manifest;
    const kilohertz = ((patch.firstBin + bins) * sampleRate) / stft.fftSize / 1000;
    const parts = [
      count === 1 ? t('quality.one') : whole ? t('quality.both') : t('quality.several', { count }),
      t('quality.band', { kilohertz: Number(kilohertz.toPrecision(2)) }),
      ...(speeds && speeds[quality] > 0 ? [t('quality.speed', { speed: about((1 - OVERLAP) * speeds[quality]) })] : []),
    ];
    return parts.join(t('quality.comma'));
  }
}

/** Rounds a speed: one significant digit, two from 10 on. */
function about(speed: number): number {
  return Number(speed.toPrecision(speed < 10 ? 1 : 2));
}
