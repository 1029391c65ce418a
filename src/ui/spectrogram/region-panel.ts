import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/language.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';
import { noteName } from './frequency-axis.ts';
import type { Region } from './region.ts';
import { REGION_SOUNDS, type RegionLevels, type RegionSource } from './region-level.ts';

/** Between region and panel, pixels. */
const DISTANCE = 8;

const EDGES = ['start', 'end', 'lowHz', 'highHz'] as const;
type Edge = (typeof EDGES)[number];

/** What the panel asks for. */
export interface RegionActions {
  /** A person typed a new edge. */
  readonly change: (edge: Edge, value: number) => void;
  readonly play: () => void;
  readonly stop: () => void;
  readonly loop: (on: boolean) => void;
  readonly clear: () => void;
}

/** Shows the selected region in numbers that can be changed, its levels, and the buttons to play it. */
export class RegionPanel {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #inputs = new Map<Edge, HTMLInputElement>();
  readonly #notes = h('p', { class: 'region-notes' });
  readonly #cells = new Map<string, HTMLElement>();
  readonly #play = h('button', { type: 'button', class: 'button small primary', id: 'region-play' });
  readonly #loop = h('input', { type: 'checkbox', class: 'visually-hidden', id: 'region-loop' });
  readonly #sound = h('select', { class: 'quiet', id: 'region-sound' });
  readonly #table = h('table', { class: 'region-levels' });
  #playing = false;

  constructor(scope: Scope, i18n: I18n, actions: RegionActions) {
    this.#i18n = i18n;
    const clear = h('button', { type: 'button', class: 'icon-button', id: 'region-clear' }, icon('close'));
    const loopWord = h('span');
    const soundName = h('span', { class: 'name' });
    const options = REGION_SOUNDS.map((sound) => h('option', { value: sound }));
    this.#sound.append(...options);
    const head = this.#fillTable();
    this.element = h(
      'section',
      { class: 'region-panel card', id: 'region', hidden: true },
      h(
        'div',
        { class: 'region-hear' },
        this.#play,
        h('label', { class: 'axis-choice' }, soundName, this.#sound),
        h('label', { class: 'toggle' }, this.#loop, loopWord),
        clear,
      ),
      h('div', { class: 'region-edges' }, ...EDGES.map((edge) => this.#field(scope, edge, actions)), this.#notes),
      this.#table,
    );
    scope.listen(this.#play, 'click', () => (this.#playing ? actions.stop() : actions.play()));
    scope.listen(this.#loop, 'change', () => actions.loop(this.#loop.checked));
    scope.listen(this.#sound, 'change', () => this.#playing && actions.play());
    scope.listen(clear, 'click', actions.clear);
    scope.listen(this.element, 'keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      actions.clear();
    });
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('region.title'));
      setText(soundName, i18n.t('region.sound'));
      setText(loopWord, i18n.t('region.loop'));
      for (const [n, sound] of REGION_SOUNDS.entries()) setText(options[n], i18n.t(`spectrogram.${sound}`));
      for (const [cell, key] of head) setText(cell, i18n.t(key));
      setAttributes(clear, { 'aria-label': i18n.t('region.clear'), title: i18n.t('region.clear') });
      this.playing(this.#playing);
    });
  }

  /** The sound to play. */
  get sound(): RegionSource {
    return this.#sound.value as RegionSource;
  }

  set sound(sound: RegionSource) {
    this.#sound.value = sound;
  }

  get looping(): boolean {
    return this.#loop.checked;
  }

  set looping(on: boolean) {
    this.#loop.checked = on;
  }

  /** Shows a region; undefined: there is none. */
  show(region: Region | undefined): void {
    this.element.hidden = !region;
    if (!region) return;
    for (const edge of EDGES) {
      const input = this.#inputs.get(edge);
      const text = region[edge].toFixed(edge === 'start' || edge === 'end' ? 2 : 0);
      // A field in which a person is typing is left alone.
      if (input && input !== document.activeElement) input.value = text;
    }
    setText(this.#notes, `${noteName(region.lowHz) || '–'} – ${noteName(region.highHz) || '–'}`);
  }

  /** Lays the panel under a box of the window, or over it where there is no room, within the surface it lies on. */
  placeAt(box: DOMRect): void {
    const surface = this.element.offsetParent?.getBoundingClientRect();
    if (!surface) return;
    const { offsetWidth, offsetHeight } = this.element;
    const left = Math.max(0, Math.min(box.left - surface.left, surface.width - offsetWidth));
    const below = box.bottom - surface.top + DISTANCE;
    const above = box.top - surface.top - DISTANCE - offsetHeight;
    const top = below + offsetHeight <= surface.height || above < 0 ? below : above;
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  /** Shows the levels in the region; undefined: none of it is separated yet. */
  levels(levels: RegionLevels | undefined): void {
    for (const sound of REGION_SOUNDS) {
      for (const kind of ['mean', 'peak'] as const) {
        const value = levels?.[sound][kind];
        const text = value === undefined ? '–' : Number.isFinite(value) ? `${signed(value, 1)} dB` : '−∞ dB';
        setText(this.#cells.get(`${sound} ${kind}`) as HTMLElement, text);
      }
    }
  }

  /** Shows whether the region is playing. */
  playing(on: boolean): void {
    this.#playing = on;
    this.#play.replaceChildren(
      icon(on ? 'pause' : 'play'),
      h('span', {}, this.#i18n.t(on ? 'region.stop' : 'region.play')),
    );
    this.#play.dataset.playing = String(on);
  }

  /** Moves the focus to the first edge. */
  focus(): void {
    this.#inputs.get('start')?.focus();
  }

  #field(scope: Scope, edge: Edge, actions: RegionActions): HTMLElement {
    const time = edge === 'start' || edge === 'end';
    const input = h('input', { type: 'number', id: `region-${edge}`, step: time ? 0.05 : 10, min: 0 });
    const name = h('span');
    this.#inputs.set(edge, input);
    scope.listen(input, 'change', () => {
      if (Number.isFinite(input.valueAsNumber)) actions.change(edge, input.valueAsNumber);
    });
    this.#i18n.bind(scope, () => setText(name, this.#i18n.t(`region.${edge}`)));
    return h('label', {}, name, input, h('span', { class: 'unit' }, time ? 's' : 'Hz'));
  }

  /** Returns the cells with texts that depend on the language. */
  #fillTable(): readonly (readonly [HTMLElement, MessageKey])[] {
    const words: (readonly [HTMLElement, MessageKey])[] = [];
    const word = (scope: 'col' | 'row', key: MessageKey, className = '') => {
      const cell = h('th', { scope, class: className });
      words.push([cell, key]);
      return cell;
    };
    const caption = h('caption');
    words.push([caption, 'region.levels']);
    this.#table.append(
      caption,
      h('thead', {}, h('tr', {}, h('td'), word('col', 'region.mean'), word('col', 'region.peak'))),
      h(
        'tbody',
        {},
        ...REGION_SOUNDS.map((sound) => {
          const cells = (['mean', 'peak'] as const).map((kind) => {
            const cell = h('td', { 'data-level': `${sound}-${kind}` }, '–');
            this.#cells.set(`${sound} ${kind}`, cell);
            return cell;
          });
          return h('tr', {}, word('row', `spectrogram.${sound}`, sound), ...cells);
        }),
      ),
    );
    return words;
  }
}
