import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { type Confidence, MaskConfidence } from '../../separation/mask-confidence.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import { h, setText } from '../shell/dom.ts';

/** Says beside a separated song that hardly any singing was found, or that the network was unsure. */
export class ConfidenceHint {
  readonly element = h('p', { class: 'song-hint' });
  readonly #i18n: I18n;
  #masks: MaskConfidence | undefined;
  #confidence: Confidence | undefined;

  constructor(scope: Scope, i18n: I18n) {
    this.#i18n = i18n;
    i18n.bind(scope, () => this.#show());
  }

  /** Takes a chunk of the song. @param complete whether the whole song is separated */
  add({ scale, spectrogram, doneSamples, totalSamples }: SeparationChunk, complete: boolean): void {
    this.#masks ??= new MaskConfidence(scale.frames);
    this.#masks.add(spectrogram);
    if (!complete || doneSamples < totalSamples) return;
    this.#confidence = this.#masks.confidence;
    this.#show();
  }

  #show(): void {
    const confidence = this.#confidence;
    const text = confidence === undefined || confidence === 'sure' ? '' : this.#i18n.t(`confidence.${confidence}`);
    this.element.hidden = text === '';
    setText(this.element, text);
    this.element.title = text;
  }
}
