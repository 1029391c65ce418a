import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { type ColourMap, magma, viridis } from '../../ui/spectrogram/colour-maps.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';
import type { TrainExample } from './train.ts';

const KINDS = ['mixture', 'voice', 'truth', 'mask', 'made'] as const;
type Kind = (typeof KINDS)[number];

/** The example that is never trained on: mixture, voice, the best mask there is, the network's mask, and its voice. */
export class ExampleSpectrograms {
  readonly element = h('div', { class: 'train-pictures' });
  readonly #canvases = new Map<Kind, HTMLCanvasElement>();

  constructor(scope: Scope, texts: LearningTexts) {
    for (const kind of KINDS) {
      const canvas = h('canvas', { role: 'img', class: 'train-picture' });
      const caption = h('figcaption');
      this.#canvases.set(kind, canvas);
      this.element.append(h('figure', {}, canvas, caption));
      const key: LearningKey = `train.picture.${kind}`;
      texts.bind(scope, () => {
        setText(caption, texts.t(key));
        canvas.setAttribute('aria-label', texts.t('train.pictureAlt', { what: texts.t(key) }));
      });
    }
  }

  show({ bins, frames, mixture, voice, mask }: TrainExample): void {
    const level = (value: number) => 255 * (1 + Math.log10(Math.max(1e-4, value)) / 4);
    const pictures: Record<Kind, [ColourMap, (at: number) => number]> = {
      mixture: [magma, (at) => level(mixture[at])],
      voice: [magma, (at) => level(voice[at])],
      truth: [viridis, (at) => (mixture[at] > 0 ? 255 * Math.min(1, voice[at] / mixture[at]) : 0)],
      mask: [viridis, (at) => 255 * mask[at]],
      made: [magma, (at) => level(mask[at] * mixture[at])],
    };
    for (const [kind, canvas] of this.#canvases) {
      const [map, value] = pictures[kind];
      canvas.width = frames;
      canvas.height = bins;
      const image = new ImageData(frames, bins);
      const pixels = new Uint32Array(image.data.buffer);
      for (let bin = 0, at = 0; bin < bins; bin++) {
        for (let frame = 0; frame < frames; frame++, at++) {
          pixels[(bins - 1 - bin) * frames + frame] = map.pixels[Math.min(255, Math.max(0, Math.round(value(at))))];
        }
      }
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    }
  }
}
