import type { AudioShape } from '../../audio/encode/formats.ts';
import { clock, megabytes } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { type ArchiveStatus, isInWork, type SongEntry } from '../../songs/song-entry.ts';
import type { SongRow as RowFacts } from '../../songs/songs-state.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';
import { Menu } from '../shell/menu.ts';
import { chosenTrackText } from './track-text.ts';

/** Where a song stands in the list. */
export interface RowPlace {
  /** From 0, of `count`. */
  readonly place: number;
  readonly count: number;
  /** It is one of those that are chosen. */
  readonly chosen: boolean;
  /** Some song is chosen: every row has its box. */
  readonly choosing: boolean;
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

/** One song of the list: what it is, how it stands, and a menu of what can be done with it. */
export class SongRow {
  readonly element: HTMLLIElement;
  readonly #i18n: I18n;
  readonly #id: string;
  readonly #madeBy: RowActions['madeBy'];
  readonly #grip = h('button', { type: 'button', class: 'grip' }, icon('grip'));
  readonly #choose = h('input', { type: 'checkbox' });
  readonly #chooseLabel = h('label', { class: 'song-choose' }, this.#choose);
  readonly #cover = h('img', { class: 'song-cover', alt: '', draggable: 'false' });
  readonly #noCover = h('span', { class: 'song-cover' }, icon('note'));
  readonly #title = h('button', { type: 'button', class: 'song-title' });
  readonly #state = h('span', { class: 'song-state' });
  readonly #meta = h('span', { class: 'song-meta' });
  readonly #bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 });
  readonly #fill = h('div', { class: 'fill' });
  readonly #menu: Menu;
  readonly #question: HTMLElement;
  readonly #asked = h('p');
  readonly #yes = h('button', { type: 'button', class: 'button small danger' });
  readonly #no = h('button', { type: 'button', class: 'button small' });
  #facts: RowFacts | undefined;

  constructor(scope: Scope, i18n: I18n, id: string, actions: RowActions) {
    this.#i18n = i18n;
    this.#id = id;
    this.#madeBy = actions.madeBy;
    this.#menu = new Menu(scope, 'more', [
      { id: 'retry', icon: 'again', act: () => actions.retry(id) },
      { id: 'cancel', icon: 'close', act: () => actions.cancel(id) },
      { id: 'up', icon: 'up', act: () => actions.move(id, -1) },
      { id: 'down', icon: 'down', act: () => actions.move(id, 1) },
      { id: 'choose', icon: 'check', act: () => actions.choose(id, !this.#choose.checked), checkable: true },
      { id: 'remove', icon: 'trash', act: () => (this.#asks ? this.#ask(true) : actions.remove(id)) },
    ]);
    scope.listen(this.#grip, 'keydown', (event) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      actions.move(id, event.key === 'ArrowUp' ? -1 : 1);
    });
    scope.listen(this.#choose, 'change', () => actions.choose(id, this.#choose.checked));
    scope.listen(this.#title, 'click', () => actions.listen(id));
    scope.listen(this.#yes, 'click', () => actions.remove(id));
    scope.listen(this.#no, 'click', () => this.#ask(false));
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
      { class: 'song-row', 'data-song': id },
      this.#grip,
      this.#chooseLabel,
      this.#cover,
      this.#noCover,
      h('div', { class: 'song-words' }, this.#title, h('p', {}, this.#state, this.#meta), this.#bar),
      this.#menu.button,
      this.#menu.element,
      this.#question,
    );
    scope.add(() => this.element.remove());
  }

  get id(): string {
    return this.#id;
  }

  /** What is gone when it is removed is asked about. */
  get #asks(): boolean {
    return this.#facts?.song.kind === 'done';
  }

  /** Shows how the song stands. */
  show(facts: RowFacts, place: RowPlace): void {
    this.#facts = facts;
    const { song, open } = facts;
    const t = this.#i18n.t.bind(this.#i18n);
    const name = nameOf(song, this.#i18n);
    this.element.dataset.state = song.kind === 'damaged' ? 'done' : song.kind;
    this.element.dataset.keeping = keepingOf(song);
    this.element.classList.toggle('open', open);
    this.element.classList.toggle('chosen', place.chosen);
    this.#grip.hidden = place.count < 2;
    setAttributes(this.#grip, { 'aria-label': t('songs.move', { name }), title: t('songs.moveHint') });
    setText(this.#title, name);
    setAttributes(this.#title, { 'aria-current': open && 'true', title: t('songs.listen', { name }) });
    setText(this.#state, this.#stateText(facts));
    setText(this.#meta, this.#metaText(facts));
    this.#showPart(facts, name);
    this.#showMenu(song, name, place);
    this.#showChoice(song, name, place);
    setText(this.#asked, t(keepingOf(song) === 'kept' ? 'songs.removeAsk' : 'songs.removeAskUnkept', { name }));
    setText(this.#yes, t('songs.removeYes'));
    setText(this.#no, t('songs.removeNo'));
  }

  /** Puts the keyboard on the song. */
  focus(): void {
    this.#title.focus({ preventScroll: true });
    this.reveal();
  }

  /** Scrolls the list so that the song is in sight. */
  reveal(): void {
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** The bar of its separation. */
  #showPart({ song, active }: RowFacts, name: string): void {
    const part = song.kind === 'separating' || song.kind === 'decoding' ? song.part : undefined;
    this.#bar.hidden = part === undefined && song.kind !== 'decoding';
    this.#bar.classList.toggle('unknown', part === undefined && active);
    this.#bar.classList.toggle('resting', !active);
    this.#fill.style.width = part === undefined ? '' : `${100 * part}%`;
    const percent = part === undefined ? undefined : Math.round(100 * part);
    setAttributes(this.#bar, { 'aria-valuenow': percent, 'aria-label': this.#i18n.t('songs.progress', { name }) });
  }

  #showMenu(song: SongEntry, name: string, { place, count, chosen }: RowPlace): void {
    const t = this.#i18n.t.bind(this.#i18n);
    this.#menu.show(t('songs.more', { name }), {
      retry: { text: t('songs.retry'), hidden: song.kind !== 'failed' && song.kind !== 'cancelled' },
      cancel: { text: t('songs.cancel'), hidden: !isInWork(song) },
      up: { text: t('songs.up'), hidden: place === 0 },
      down: { text: t('songs.down'), hidden: place === count - 1 },
      // One song alone has its own buttons.
      choose: { text: t('songs.choose'), hidden: count < 2, checked: chosen },
      remove: { text: t('songs.remove'), hidden: song.kind === 'elsewhere' },
    });
  }

  /** The cover, or in its place the box by which the song is chosen. */
  #showChoice(song: SongEntry, name: string, { chosen, choosing }: RowPlace): void {
    const cover = song.kind === 'damaged' ? undefined : song.cover;
    const focused = document.activeElement === this.#choose;
    this.#chooseLabel.hidden = !choosing;
    this.#choose.checked = chosen;
    setAttributes(this.#choose, { 'aria-label': this.#i18n.t('batch.choose', { name }) });
    if (focused && !choosing) this.#menu.button.focus({ preventScroll: true });
    setAttributes(this.#cover, { src: cover });
    this.#cover.hidden = choosing || cover === undefined;
    this.#noCover.hidden = choosing || cover !== undefined;
  }

  #ask(on: boolean): void {
    this.#question.hidden = !on;
    (on ? this.#no : this.#menu.button).focus();
    if (on) this.#question.scrollIntoView({ block: 'nearest' });
  }

  #stateText({ song, active }: RowFacts): string {
    const t = this.#i18n.t.bind(this.#i18n);
    switch (song.kind) {
      case 'waiting':
        return t('songs.waiting');
      case 'elsewhere':
        return t('pending.elsewhere');
      case 'decoding':
        return t('songs.decoding');
      case 'separating':
        return t(active ? 'songs.separating' : 'songs.resting', { percent: Math.floor(100 * song.part) });
      case 'cancelled':
        return t('songs.cancelled');
      case 'failed':
        return t('songs.failed', { message: errorText(this.#i18n, song.error) });
      case 'done':
      case 'damaged':
        return t(`songs.keeping.${keepingOf(song)}`);
    }
  }

  #metaText({ song }: RowFacts): string {
    const shape = shapeOf(song);
    const pending = isInWork(song) ? song.pending : undefined;
    const bytes = keptBytes(song);
    return [
      shape && clock(shape.samples / shape.sampleRate),
      bytes !== undefined ? `${megabytes(bytes)}\u00a0MB` : undefined,
      chosenTrackText(song, this.#i18n),
      ...this.#madeBy(song),
      pending === 'full' || pending === 'unable' ? this.#i18n.t(`pending.notStored.${pending}`) : undefined,
    ]
      .filter((part) => part !== undefined)
      .map((part) => ` · ${part}`)
      .join('');
  }
}

/** A song's name; one that cannot be read has none of its own. */
export function nameOf(song: SongEntry, i18n: I18n): string {
  return song.kind === 'damaged' ? i18n.t('songs.nameless') : song.name;
}

/** What a kept song takes of the disk; undefined: it is not kept. */
export function keptBytes(song: SongEntry): number | undefined {
  if (song.kind === 'damaged') return song.bytes;
  return song.kind === 'done' && song.archive.kind === 'kept' ? song.archive.bytes : undefined;
}

/** Of a song's sound, once it is known. */
export function shapeOf(song: SongEntry): AudioShape | undefined {
  return song.kind === 'damaged' || song.kind === 'elsewhere' ? undefined : song.shape;
}

/** How a song is kept, in the words of the messages. */
function keepingOf(song: SongEntry): Exclude<ArchiveStatus['kind'], 'painted'> | 'damaged' {
  if (song.kind === 'damaged') return 'damaged';
  if (song.kind !== 'done') return 'not-yet';
  return song.archive.kind === 'painted' ? 'keeping' : song.archive.kind;
}

/** Why a song failed and what to do, in the page's language where it is known. */
export function errorText(i18n: I18n, error: unknown): string {
  const { message, hint } = i18n.error(error);
  return `${message} ${hint}`;
}
