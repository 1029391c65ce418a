import { signed } from '../../core/format.ts';
import { h, setText } from '../shell/dom.ts';
import { cssGradient } from './colour-maps.ts';
import { DIFFERENCE_DB, type SpectrogramKind } from './spectrogram-image.ts';
import { colourMapOf, type SpectrogramStyle } from './spectrogram-style.ts';

/** What the colours of a spectrogram mean: the ramp with the values at its ends. */
export class Legend {
  readonly element: HTMLElement;
  readonly #kind: SpectrogramKind;
  readonly #ramp = h('span', { class: 'ramp', 'aria-hidden': 'true' });
  readonly #low = h('span');
  readonly #high = h('span');

  constructor(kind: SpectrogramKind) {
    this.#kind = kind;
    this.element = h('div', { class: 'legend' }, this.#low, this.#ramp, this.#high);
  }

  show(style: SpectrogramStyle): void {
    this.#ramp.style.backgroundImage = cssGradient(colourMapOf(this.#kind, style));
    const [low, high] = endsOf(this.#kind, style);
    setText(this.#low, low);
    setText(this.#high, high);
  }
}

function endsOf(kind: SpectrogramKind, { floorDb, ceilingDb }: SpectrogramStyle): readonly [string, string] {
  if (kind === 'mask') return ['0', '1'];
  if (kind === 'difference') return [signed(-DIFFERENCE_DB, 0), `+${DIFFERENCE_DB} dB`];
  return [signed(floorDb, 0), `${signed(ceilingDb, 0)} dB`];
}
