import type { LabClient } from '../../../learning/client.ts';
import type { KnownSong } from '../../../learning/mix.ts';
import { levelByte } from '../../../learning/spectrogram.ts';
import { atQuality } from '../../../model/quality.ts';
import type { Scope } from '../../../scope.ts';
import { magma } from '../../colour-maps.ts';
import { h, setText } from '../../dom.ts';
import { clock } from '../../format.ts';
import { frequencyAxis } from '../../frequency-axis.ts';
import { isSameModel } from '../../model-words.ts';
import { CellPicture } from '../cell-picture.ts';
import type { LearnContext } from '../context.ts';
import { PictureLink } from '../picture-link.ts';
import type { WholeSeparation } from './separate-known.ts';

/** Where the network errs: |mask × mixture − truth|, cell by cell, and its mean, the loss of training. */
export class LossPicture {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #context: LearnContext;
  readonly #link = new PictureLink(1);
  readonly #picture: CellPicture;
  readonly #reading = h('p', { class: 'learn-reading', 'aria-live': 'polite' });
  readonly #means = h('p', { class: 'learn-reading', id: 'mix-loss' });
  #loss = new Float32Array(0);
  #bins = 1;
  #tell = () => {};

  constructor(scope: Scope, context: LearnContext) {
    this.#scope = scope;
    this.#context = context;
    this.#picture = new CellPicture(scope, this.#link);
    this.element = h('div', { class: 'stack' }, this.#means, this.#picture.element, this.#reading);
    scope.add(this.#link.on('cursor', () => this.#read()));
    context.texts.bind(scope, () => {
      this.#picture.describe(context.texts.t('mix.lossCaption'), context.texts.t('mix.lossAlt'));
      this.#tell();
    });
  }

  /** Computes and draws it. */
  async show(song: KnownSong, { mask, scale }: WholeSeparation, lab: LabClient): Promise<void> {
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
