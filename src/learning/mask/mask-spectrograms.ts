import type { Scope } from '../../core/scope.ts';
import { h } from '../../ui/shell/dom.ts';
import { magma, viridis } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import type { MaskState } from './mask-state.ts';

/** Mixture, mask and product of the excerpt, side by side. */
export class MaskSpectrograms {
  readonly element: HTMLElement;
  readonly #canvases: readonly SpectrogramCanvas[];

  constructor(scope: Scope, texts: LearningTexts, state: MaskState) {
    const [mixture, mask, product] = [0, 1, 2].map(() => new SpectrogramCanvas(scope, state.link));
    this.#canvases = [mixture, mask, product];
    this.element = h('div', { class: 'mask-spectrograms' }, ...this.#canvases.map(({ element }) => element));
    scope.add(
      state.on('cells', () => {
        const { cells } = state;
        if (!cells) return;
        const { firstBinHz, bins, binHz } = cells.mixture;
        const axis = frequencyAxis(state.axis, firstBinHz + (bins - 1) * binHz);
        mixture.show(cells.mixture, magma, axis);
        mask.show(cells.mask, viridis, axis);
        product.show(cells.product, magma, axis);
      }),
    );
    bindState(scope, texts, state, () => {
      const vocals = state.shape.part === 'vocals';
      mixture.describe(texts.t('learn.mixture'), texts.t('mask.mixtureAlt'));
      mask.describe(
        `× ${texts.t(vocals ? 'mask.maskVocals' : 'mask.maskAccompaniment')}`,
        texts.t(vocals ? 'mask.maskVocalsAlt' : 'mask.maskAccompanimentAlt'),
      );
      product.describe(
        `= ${texts.t(`learn.${state.shape.part}`)}`,
        texts.t(vocals ? 'mask.vocalsAlt' : 'mask.accompanimentAlt'),
      );
    });
  }

  /** Shows the moment that is heard; undefined: hides the playheads. */
  playhead(seconds: number | undefined): void {
    for (const canvas of this.#canvases) canvas.playhead(seconds);
  }
}
