import { clock, megabytes } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongEntry } from '../../songs/song-entry.ts';
import type { SongState } from '../../songs/song-queue.ts';
import { h, type IconName, icon, setAttributes, setAvailable, setText } from '../shell/dom.ts';

/** How a song stands in the list. */
export interface RowFacts {
  readonly song: SongEntry;
  readonly state: SongState;
  /** It is the one that is open. */
  readonly open: boolean;
  /** It is the one that is worked on. */
  readonly active: boolean;
}

/** Where a song stands in the list. */
export interface RowPlace {
  /** From 0, of `count`. */
  readonly place: number;
  readonly count: number;
  /** It is one of those that are chosen. */
  readonly chosen: boolean;
}

/** What a person does with a song of the list. */
export interface RowActions {
  readonly listen: (id: string) => void;
  readonly move: (id: string, by: -1 | 1) => void;
  readonly cancel: (id: string) => void;
  readonly retry: (id: string) => void;
  readonly remove: (id: string) => void;
  /** Chooses it, for what is done with several songs, or no longer. */
  readonly choose: (id: string, on: boolean) => void;
  /** The model and the quality of a song, where they are worth saying. */
  readonly madeBy: (song: SongEntry) => readonly string[];
}

/** One song of the list: what it is, how it stands, and what can be done with it. */
export class SongRow {
  readonly element: HTMLLIElement;
  readonly #i18n: I18n;
  readonly #id: string;
  readonly #choose = h('input', { type: 'checkbox' });
  readonly #chooseLabel = h('label', { class: 'song-choose' }, this.#choose);
  readonly #title = h('button', { type: 'button', class: 'song-title' });
  readonly #state = h('span', { class: 'song-state' });
  readonly #meta = h('span', { class: 'song-meta' });
  readonly #bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 });
  readonly #fill = h('div', { class: 'fill' });
  readonly #up: HTMLButtonElement;
  readonly #down: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  readonly #buttons: HTMLElement;
  readonly #question: HTMLElement;
  readonly #asked = h('p');
  readonly #yes = h('button', { type: 'button', class: 'button small danger' });
  readonly #no = h('button', { type: 'button', class: 'button small' });
  #facts: RowFacts | undefined;

  constructor(scope: Scope, i18n: I18n, id: string, actions: RowActions) {
    this.#i18n = i18n;
    this.#id = id;
    const button = (name: IconName, kind: string, act: () => void) => {
      const element = h('button', { type: 'button', class: `icon-button ${kind}` }, icon(name));
      scope.listen(element, 'click', act);
      return element;
    };
    this.#up = button('up', 'up', () => actions.move(id, -1));
    this.#down = button('down', 'down', () => actions.move(id, 1));
    this.#stop = button('close', 'stop', () => actions.cancel(id));
    this.#again = button('again', 'again', () => actions.retry(id));
    this.#remove = button('trash', 'remove', () => (this.#asks ? this.#ask(true) : actions.remove(id)));
    scope.listen(this.#choose, 'change', () => actions.choose(id, this.#choose.checked));
    scope.listen(this.#title, 'click', () => actions.listen(id));
    scope.listen(this.#yes, 'click', () => actions.remove(id));
    scope.listen(this.#no, 'click', () => this.#ask(false));
    this.#madeBy = actions.madeBy;
    this.#buttons = h('div', { class: 'song-buttons' }, this.#up, this.#down, this.#again, this.#stop, this.#remove);
    this.#asked.id = `song-ask-${id}`;
    this.#question = h(
      'div',
      { class: 'song-question', role: 'group', 'aria-labelledby': this.#asked.id, hidden: true },
      this.#asked,
      h('div', { class: 'form-buttons' }, this.#yes, this.#no),
    );
    scope.listen(this.#question, 'keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#ask(false);
    });
    this.#bar.append(this.#fill);
    this.element = h(
      'li',
      { class: 'song-row', 'data-song': id, draggable: 'true' },
      h('span', { class: 'grip', 'aria-hidden': 'true' }, icon('grip')),
      this.#chooseLabel,
      h('div', { class: 'song-words' }, this.#title, h('p', {}, this.#state, this.#meta), this.#bar),
      this.#buttons,
      this.#question,
    );
    scope.add(() => this.element.remove());
  }

  readonly #madeBy: RowActions['madeBy'];

  /** What is gone when it is removed is asked about. */
  get #asks(): boolean {
    return this.#facts?.state.kind === 'done' && this.#facts.song.keeping !== 'damaged';
  }

  /** Shows how the song stands. */
  show(facts: RowFacts, { place, count, chosen }: RowPlace): void {
    this.#facts = facts;
    const { song, state, open, active } = facts;
    const t = this.#i18n.t.bind(this.#i18n);
    const { name } = song;
    this.element.dataset.state = state.kind;
    this.element.dataset.keeping = song.keeping;
    this.element.classList.toggle('open', open);
    this.element.classList.toggle('chosen', chosen);
    // One song alone has its own buttons.
    this.#chooseLabel.hidden = count < 2;
    this.#choose.checked = chosen;
    setAttributes(this.#choose, { 'aria-label': t('album.choose', { name }) });
    setText(this.#title, name);
    setAttributes(this.#title, { 'aria-current': open && 'true', title: t('songs.listen', { name }) });
    setText(this.#state, this.#stateText(facts));
    setText(this.#meta, this.#metaText(facts));
    const part = partOf(state);
    this.#bar.hidden = part === undefined && state.kind !== 'decoding';
    this.#bar.classList.toggle('unknown', part === undefined && active);
    this.#bar.classList.toggle('resting', !active);
    this.#fill.style.width = part === undefined ? '' : `${100 * part}%`;
    const percent = part === undefined ? undefined : Math.round(100 * part);
    setAttributes(this.#bar, { 'aria-valuenow': percent, 'aria-label': t('songs.progress', { name }) });
    this.#stop.hidden = !['waiting', 'decoding', 'separating'].includes(state.kind);
    this.#again.hidden = state.kind !== 'failed' && state.kind !== 'cancelled';
    setAvailable(this.#up, place > 0);
    setAvailable(this.#down, place < count - 1);
    this.#up.hidden = count < 2;
    this.#down.hidden = count < 2;
    this.#remove.hidden = state.kind === 'elsewhere';
    this.#label(this.#up, t('songs.up', { name }));
    this.#label(this.#down, t('songs.down', { name }));
    this.#label(this.#stop, t('songs.cancel', { name }));
    this.#label(this.#again, t('songs.retry', { name }));
    this.#label(this.#remove, t('songs.remove', { name }));
    setText(this.#asked, t(song.keeping === 'kept' ? 'songs.removeAsk' : 'songs.removeAskUnkept', { name }));
    setText(this.#yes, t('songs.removeYes'));
    setText(this.#no, t('songs.removeNo'));
  }

  /** Puts the keyboard on the song, or on one of its buttons. */
  focus(on: 'title' | 'up' | 'down'): void {
    const element = { title: this.#title, up: this.#up, down: this.#down }[on];
    element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
  }

  get id(): string {
    return this.#id;
  }

  #label(button: HTMLButtonElement, text: string): void {
    setAttributes(button, { 'aria-label': text, title: text });
  }

  #ask(on: boolean): void {
    this.#question.hidden = !on;
    (on ? this.#no : this.#remove).focus();
  }

  #stateText({ song, state, active }: RowFacts): string {
    const t = this.#i18n.t.bind(this.#i18n);
    switch (state.kind) {
      case 'waiting':
        return t('songs.waiting');
      case 'elsewhere':
        return t('waiting.elsewhere');
      case 'decoding':
        return t('songs.decoding');
      case 'separating':
        return t(active ? 'songs.separating' : 'songs.resting', { percent: Math.floor(100 * state.part) });
      case 'cancelled':
        return t('songs.cancelled');
      case 'failed':
        return t('songs.failed', { message: errorText(this.#i18n, state.error) });
      case 'done':
        return t(`songs.keeping.${song.keeping}`);
    }
  }

  #metaText({ song, state }: RowFacts): string {
    const { shape, bytes, keeping, stowed } = song;
    const unstowed = stowed !== undefined && stowed !== 'kept' && isUnfinished(state);
    return [
      shape && clock(shape.samples / shape.sampleRate),
      keeping === 'kept' || keeping === 'damaged' ? `${megabytes(bytes)} MB` : undefined,
      ...this.#madeBy(song),
      unstowed ? this.#i18n.t(`waiting.unstowed.${stowed}`) : undefined,
    ]
      .filter((part) => part !== undefined)
      .map((part) => ` · ${part}`)
      .join('');
  }
}

/** Why a song failed and what to do, in the page's language where it is known. */
export function errorText(i18n: I18n, error: unknown): string {
  const { message, hint } = i18n.error(error);
  return `${message} ${hint}`;
}

function isUnfinished({ kind }: SongState): boolean {
  return kind === 'waiting' || kind === 'decoding' || kind === 'separating';
}

function partOf(state: SongState): number | undefined {
  return state.kind === 'separating' || state.kind === 'decoding' ? state.part : undefined;
}
