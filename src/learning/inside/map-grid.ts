import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { signedMap } from '../../ui/spectrogram/colour-maps.ts';
import { significant } from '../number-texts.ts';
import type { LearningTexts } from '../texts.ts';
import { textButton } from '../widgets/buttons.ts';
import type { FeatureMap, FeatureMaps } from './inside-engine.ts';

/** Maps that are shown at first, and added by each “Show more”. */
const MAPS_AT_ONCE = 18;

/** The feature maps of a layer as small images, the strongest first, and one of them enlarged. */
export class MapGrid {
  readonly element: HTMLElement;
  readonly #texts: LearningTexts;
  readonly #grid = h('div', { class: 'map-grid', role: 'group' });
  readonly #large = h('figure', { class: 'map-large', 'aria-live': 'polite', hidden: true });
  readonly #more: HTMLButtonElement;
  #layer = '';
  #maps: FeatureMaps | undefined;
  #shown = 0;
  #zoomed: FeatureMap | undefined;

  constructor(scope: Scope, texts: LearningTexts) {
    this.#texts = texts;
    this.#more = textButton(scope, texts, { id: 'inside-more', label: 'inside.more', onClick: () => this.#add() });
    this.#more.hidden = true;
    this.element = h('div', { class: 'map-place' }, this.#grid, this.#more, this.#large);
    scope.listen(this.#grid, 'click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-map]');
      const map = this.#maps?.maps[Number(button?.dataset.map)];
      if (!button || !map) return;
      this.#enlarge(map);
      this.#large.scrollIntoView({ block: 'nearest' });
    });
    texts.bind(scope, () => this.#showTexts());
  }

  /**
   * Shows the maps of a layer. Those of the layer that is shown already take the places of the old ones, and the same
   * channel stays enlarged: nothing below them may move while a person is about to click it.
   */
  show(layer: string, maps: FeatureMaps): void {
    const isSame = layer === this.#layer;
    const count = isSame ? this.#shown : MAPS_AT_ONCE;
    const enlarged = isSame ? maps.maps.find(({ channel }) => channel === this.#zoomed?.channel) : undefined;
    this.#layer = layer;
    this.#maps = maps;
    this.#shown = 0;
    this.#grid.replaceChildren();
    this.#add(count);
    this.#enlarge(enlarged);
    this.#showTexts();
  }

  #add(count = MAPS_AT_ONCE): void {
    const maps = this.#maps;
    if (!maps) return;
    const end = Math.min(maps.maps.length, this.#shown + count);
    for (let n = this.#shown; n < end; n++) {
      const button = h('button', { type: 'button', class: 'map', 'data-map': n }, drawMap(maps, maps.maps[n]));
      button.setAttribute('aria-label', this.#name(maps.maps[n]));
      this.#grid.append(button);
    }
    this.#shown = end;
    this.#more.hidden = end >= maps.maps.length;
  }

  /** Enlarges a map; undefined: none. */
  #enlarge(map: FeatureMap | undefined): void {
    this.#zoomed = map;
    this.#large.hidden = map === undefined;
    if (this.#maps && map) this.#large.replaceChildren(drawMap(this.#maps, map), h('figcaption', {}, this.#name(map)));
  }

  #name({ channel, strength, greatest }: FeatureMap): string {
    const values = { n: channel + 1, strength: significant(strength, 2), greatest: significant(greatest, 2) };
    return this.#texts.t('inside.map', values);
  }

  #showTexts(): void {
    const maps = this.#maps;
    this.#grid.setAttribute('aria-label', this.#texts.t('inside.maps'));
    if (!maps) return;
    for (const button of this.#grid.querySelectorAll<HTMLElement>('[data-map]')) {
      button.setAttribute('aria-label', this.#name(maps.maps[Number(button.dataset.map)]));
    }
    const caption = this.#large.querySelector('figcaption');
    if (caption && this.#zoomed) setText(caption, this.#name(this.#zoomed));
  }
}

/** Time from left to right, the lowest frequency at the bottom; black is 0, orange above, blue below. */
function drawMap({ frames, bins }: FeatureMaps, { bytes }: FeatureMap): HTMLCanvasElement {
  const canvas = h('canvas', { width: frames, height: bins });
  const image = new ImageData(frames, bins);
  const pixels = new Uint32Array(image.data.buffer);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++, at++) pixels[(bins - 1 - bin) * frames + frame] = signedMap.pixels[bytes[at]];
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
