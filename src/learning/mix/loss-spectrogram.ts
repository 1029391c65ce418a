import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { atQuality } from '../../model/quality.ts';
import { isSameModel } from '../../separation/model-choice.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { magma } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import type { LearningClient } from '../learning-client.ts';
import { levelByte } from '../sound/spectrogram.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import type { KnownSong } from './mix-pair.ts';
import type { WholeSeparation } from './separate-known.ts';

/** Where the network errs: |mask × mixture − truth|, cell by cell, and its mean, the loss of training. */
export class LossSpectrogram {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #context: LearningContext;
  readonly #link = new SpectrogramLink(1);
  readonly #picture: SpectrogramCanvas;
  readonly #reading = h('p', { class: 'learn-reading', 'aria-live': 'polite' });
  readonly #means = h('p', { class: 'learn-reading', id: 'mix-loss' });
  #loss = new Float32Array(0);
  #bins = 1;
  #tell = () => {};

  constructor(scope: Scope, context: LearningContext) {
    this.#scope = scope;
    this.#context = context;
    this.#picture = new SpectrogramCanvas(scope, this.#link);
    this.element = h('div', { class: 'stack' }, this.#means, this.#picture.element, this.#reading);
    scope.add(this.#link.on('cursor', () => this.#read()));
    context.texts.bind(scope, () => {
      this.#picture.describe(context.texts.t('mix.lossCaption'), context.texts.t('mix.lossAlt'));
      this.#tell();
    });
  }

  /** Computes and draws it. */
  async show(song: KnownSong, { mask, scale }: WholeSeparation, lab: LearningClient): Promise<void> {
    const { client, texts } = this.#context;
    const whole = (await client.models()).find((one) => isSameModel(one, client.model))?.manifest;
    const manifest = whole
      ? atQuality(whole, whole.qualities && (await client.qualityInUse()))
      : this.#context.manifest;
    const map = await lab.ask.lossMap({ song, manifest, mask, frames: scale.frames });
    if (this.#scope.disposed) return;
    this.#loss = map.loss;
    this.#bins = scale.bins;
    this.#link.reset(scale.frames * scale.frameSeconds);
    const axis = frequencyAxis('mel', scale.firstBinHz + (scale.bins - 1) * scale.binHz);
    this.#picture.show({ ...scale, values: Uint8Array.from(map.loss, levelByte) }, magma, axis);
    const number = (value: number) => value.toExponential(2);
    this.#means.dataset.mean = String(map.mean);
    this.#tell = () => {
      const values = { mean: number(map.mean), silence: number(map.meanOfSilence), mixture: number(map.meanOfMixture) };
      setText(this.#means, texts.t('mix.lossMeans', values));
    };
    this.#tell();
  }

  #read(): void {
    const { cursor } = this.#link;
    const place = cursor && this.#picture.cellAt(cursor.seconds, cursor.hz);
    if (!place) {
      setText(this.#reading, '');
      return;
    }
    const loss = this.#loss[place.frame * this.#bins + place.bin];
    const values = { time: clock(cursor.seconds, 2), hz: Math.round(cursor.hz), loss: loss.toPrecision(3) };
    setText(this.#reading, this.#context.texts.t('mix.lossReading', values));
  }
}
