import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { type ColourMap, magma, viridis } from '../../ui/spectrogram/colour-maps.ts';
import type { LearningContext } from '../context.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { SMALL_UNET } from './small-unet.ts';
import type { TrainExample } from './train-engine.ts';
import { TRAIN_CLIPS, type TrainState } from './train-state.ts';

const KINDS = ['mixture', 'voice', 'truth', 'mask', 'product'] as const;
type Kind = (typeof KINDS)[number];

/**
 * The held-out example: mixture, true voice, the best possible mask, the network's mask, and mask × mixture, to see and
 * to hear.
 */
export function heldOutExample(scope: Scope, context: LearningContext, state: TrainState): HTMLElement {
  const { texts, song } = context;
  const spectrograms = h('div', { class: 'train-spectrograms' });
  const player = new ClipPlayer(scope, SMALL_UNET.sampleRate, () => song.player.pause());
  const text = (name: (typeof TRAIN_CLIPS)[number]) => `train.spectrogram.${name}` as const;
  const listen = listenBar(scope, context, { id: 'train-listen', clips: TRAIN_CLIPS, text, player });
  const canvases = new Map<Kind, HTMLCanvasElement>();
  for (const kind of KINDS) {
    const canvas = h('canvas', { role: 'img', class: 'train-spectrogram' });
    const caption = h('figcaption');
    canvases.set(kind, canvas);
    spectrograms.append(h('figure', {}, canvas, caption));
    texts.bind(scope, () => {
      const what = texts.t(`train.spectrogram.${kind}`);
      setText(caption, what);
      canvas.setAttribute('aria-label', texts.t('train.spectrogramAlt', { what }));
    });
  }
  scope.add(
    state.on('example', () => {
      if (!state.example) return;
      for (const [kind, canvas] of canvases) paint(canvas, state.example, kind);
      player.update(state.clips);
    }),
  );
  return h('div', { class: 'card learn-panel' }, listen, spectrograms);
}

function paint(canvas: HTMLCanvasElement, example: TrainExample, kind: Kind): void {
  const { bins, frames } = example;
  const [colours, value] = pixelsOf(example, kind);
  canvas.width = frames;
  canvas.height = bins;
  const image = new ImageData(frames, bins);
  const pixels = new Uint32Array(image.data.buffer);
  for (let bin = 0, at = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++, at++) {
      const byte = Math.min(255, Math.max(0, Math.round(value(at))));
      pixels[(bins - 1 - bin) * frames + frame] = colours.pixels[byte];
    }
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** The colours, and the byte of each cell. */
function pixelsOf({ mixture, voice, mask }: TrainExample, kind: Kind): readonly [ColourMap, (at: number) => number] {
  // 80 dB below the mixture's greatest magnitude is black.
  const level = (magnitude: number) => 255 * (1 + Math.log10(Math.max(1e-4, magnitude)) / 4);
  switch (kind) {
    case 'mixture':
      return [magma, (at) => level(mixture[at])];
    case 'voice':
      return [magma, (at) => level(voice[at])];
    case 'truth':
      return [viridis, (at) => (mixture[at] > 0 ? 255 * Math.min(1, voice[at] / mixture[at]) : 0)];
    case 'mask':
      return [viridis, (at) => 255 * mask[at]];
    case 'product':
      return [magma, (at) => level(mask[at] * mixture[at])];
  }
}
