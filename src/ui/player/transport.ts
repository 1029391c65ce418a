import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';

/** What the transport asks for. */
export interface TransportActions {
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly volume: (volume: number) => void;
}

/** What the transport shows. */
export interface TransportState {
  readonly playing: boolean;
  readonly position: number;
  readonly duration: number;
  /** The parts that are not separated, from 0 to 1 of the song, in order. */
  readonly gaps: readonly (readonly number[])[];
  /** A note about the present sound; '' if there is none. */
  readonly waiting: string;
}

/** Play and pause, the clock, the position and the volume. */
export class Transport {
  readonly play = h('button', { type: 'button', class: 'play', id: 'play' }, icon('play'));
  readonly seek = h('input', { type: 'range', class: 'seek', min: 0, max: 1, step: 0.01, value: 0, id: 'position' });
  readonly volumeElement: HTMLElement;
  readonly clock: HTMLElement;
  readonly waiting = h('p', { class: 'waiting', role: 'status' });
  readonly #i18n: I18n;
  readonly #volume = h('input', { type: 'range', min: 0, max: 100, step: 1, value: 100, id: 'volume' });
  readonly #showVolume: () => void;
  readonly #now = h('span', { class: 'now' }, '0:00.0');
  readonly #total = h('span', { class: 'total' });
  #state: TransportState = { playing: false, position: 0, duration: 0, gaps: [], waiting: '' };
  #shown = '';
  #dragging = false;

  constructor(scope: Scope, i18n: I18n, actions: TransportActions) {
    this.#i18n = i18n;
    const volume = this.#volume;
    this.volumeElement = h('label', { class: 'volume' }, icon('volume'), volume);
    this.clock = h('p', { class: 'clock' }, this.#now, h('span', { class: 'slash' }, ' / '), this.#total);
    scope.listen(this.play, 'click', actions.toggle);
    this.#showVolume = () => {
      volume.style.setProperty('--part', String(volume.valueAsNumber / 100));
      volume.setAttribute('aria-valuetext', i18n.t('player.volumeValue', { percent: volume.value }));
    };
    scope.listen(volume, 'input', () => {
      actions.volume(this.volume);
      this.#showVolume();
    });
    scope.listen(this.seek, 'input', () => {
      this.#dragging = true;
      actions.seek(this.seek.valueAsNumber);
    });
    scope.listen(this.seek, 'change', () => {
      this.#dragging = false;
    });
    i18n.bind(scope, () => {
      volume.setAttribute('aria-label', i18n.t('player.volume'));
      this.seek.setAttribute('aria-label', i18n.t('player.position'));
      this.#showVolume();
      this.#shown = '';
      this.show(this.#state);
    });
  }

  /** The volume, linear, 0 to 1. */
  get volume(): number {
    // Perceived loudness grows about with the square: the middle of the slider sounds half as loud.
    return (this.#volume.valueAsNumber / 100) ** 2;
  }

  set volume(volume: number) {
    this.#volume.valueAsNumber = Math.round(100 * Math.sqrt(volume));
    this.#showVolume();
  }

  /**
   * Shows the state. While the song plays, clock and slider change ten times a second: updating them in every frame
   * would cost as much as everything else that moves.
   */
  show(state: TransportState): void {
    const { playing, position, gaps, waiting } = state;
    const shown = [playing, playing ? Math.floor(10 * position) : position, state.duration, gaps.join(' '), waiting];
    if (shown.join() === this.#shown) return;
    this.#shown = shown.join();
    const before = this.#state;
    this.#state = state;
    const label = this.#i18n.t(state.playing ? 'player.pause' : 'player.play');
    if (before.playing !== state.playing) this.play.replaceChildren(icon(state.playing ? 'pause' : 'play'));
    setAttributes(this.play, { 'aria-label': label, title: label });
    setText(this.#now, clock(state.position, 1));
    setText(this.#total, clock(state.duration));
    setText(this.waiting, state.waiting);
    const { duration } = state;
    this.seek.max = String(duration);
    if (!this.#dragging) this.seek.value = String(state.position);
    this.seek.style.setProperty('--part', String(duration > 0 ? state.position / duration : 0));
    this.seek.style.setProperty('--there', stopsOf(state.gaps));
    const values = { position: clock(state.position), duration: clock(duration) };
    setAttributes(this.seek, { 'aria-valuetext': this.#i18n.t('player.positionValue', values) });
  }
}

/** The colours of the slider from left to right: separated parts stand out. */
function stopsOf(gaps: TransportState['gaps']): string {
  const percent = (part: number) => `${(100 * part).toFixed(2)}%`;
  let at = 0;
  const stops: string[] = [];
  for (const [from, to] of gaps) {
    stops.push(`var(--done) ${percent(at)} ${percent(from)}`, `var(--sunken) ${percent(from)} ${percent(to)}`);
    at = to;
  }
  return [...stops, `var(--done) ${percent(at)} 100%`].join(', ');
}
