import type { ExportFormat } from '../../audio/encode/formats.ts';
import { megabytes } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { choiceText } from '../../separation/model-choice.ts';
import type { Room } from '../../songs/archive/song-archive.ts';
import type { SongEntry } from '../../songs/song-entry.ts';
import type { SongState } from '../../songs/song-queue.ts';
import { h, icon, setText } from '../shell/dom.ts';
import { BatchExportPanel } from './batch-export-panel.ts';
import { errorText, type RowFacts, SongRow } from './song-row.ts';

/** What a person does with the list. */
export interface SongListActions {
  readonly listen: (id: string) => void;
  /** @param to The new place, 0 being the first. */
  readonly move: (id: string, to: number) => void;
  readonly cancel: (id: string) => void;
  readonly cancelAll: () => void;
  readonly retry: (id: string) => void;
  readonly remove: (id: string) => void;
  /** Saves the stems of songs that are separated. */
  readonly save: (ids: readonly string[], format: ExportFormat) => void;
  readonly cancelSave: () => void;
  readonly add: () => void;
  readonly addFolder: (() => void) | undefined;
}

const DRAG_TYPE = 'application/x-unsung-song';

/** The songs of the page and of earlier visits: how each stands, in which order they are made, what room they take. */
export class SongList {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #actions: SongListActions;
  /** What is done with several songs at once. */
  readonly album: BatchExportPanel;
  readonly #list = h('ol', { class: 'song-rows', id: 'song-rows' });
  readonly #fold = h('button', { type: 'button', class: 'songs-fold', 'aria-controls': 'song-rows' });
  readonly #count = h('span', { class: 'songs-count' });
  readonly #word = h('span');
  readonly #space = h('p', { class: 'songs-space' });
  readonly #cancelAll = h('button', { type: 'button', class: 'button small', id: 'cancel-all' });
  readonly #add = h('button', { type: 'button', class: 'button small' }, icon('plus'), h('span'));
  readonly #addFolder = h('button', { type: 'button', class: 'button small' }, icon('folder'), h('span'));
  readonly #live = h('p', { class: 'visually-hidden', role: 'status' });
  readonly #rows = new Map<string, { readonly row: SongRow; readonly scope: Scope }>();
  readonly #redraw: () => void;
  #facts: readonly RowFacts[] = [];
  #room: Room | undefined;
  #unfolded = true;
  /** A person folded or unfolded it: it stays so. */
  #chosen = false;
  #dragged: string | undefined;
  /** The songs that a person has chosen. */
  readonly #picked = new Set<string>();

  constructor(scope: Scope, i18n: I18n, actions: SongListActions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#actions = actions;
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.#fold.append(icon('chevron'), this.#word, this.#count);
    this.album = new BatchExportPanel(scope, i18n, {
      chooseAll: (on) => this.#pick(on ? this.#facts.map(({ song }) => song.id) : []),
      save: (format) =>
        actions.save(
          readyOf(this.#pickedFacts).map(({ song }) => song.id),
          format,
        ),
      cancel: actions.cancelSave,
      remove: () => {
        for (const id of [...this.#picked]) actions.remove(id);
      },
    });
    this.element = h(
      'section',
      { class: 'songs card', id: 'songs', hidden: true },
      h(
        'div',
        { class: 'songs-head' },
        h('h2', {}, this.#fold),
        this.#space,
        h('div', { class: 'songs-tools' }, this.#cancelAll, this.#add, this.#addFolder),
      ),
      this.album.element,
      this.#list,
      this.#live,
    );
    this.#addFolder.hidden = !actions.addFolder;
    scope.listen(this.#fold, 'click', () => {
      this.#chosen = true;
      this.#unfolded = !this.#unfolded;
      this.#draw();
    });
    scope.listen(this.#cancelAll, 'click', actions.cancelAll);
    scope.listen(this.#add, 'click', actions.add);
    scope.listen(this.#addFolder, 'click', () => actions.addFolder?.());
    this.#listenToDrags();
    i18n.bind(scope, () => {
      setText(this.#live, '');
      this.#draw();
    });
  }

  /** Shows the songs, in this order. */
  show(facts: readonly RowFacts[]): void {
    this.#facts = facts;
    for (const id of [...this.#picked]) if (!facts.some(({ song }) => song.id === id)) this.#picked.delete(id);
    if (facts.length < 2) this.#picked.clear();
    // What can be folded away is, once a song is open and has nothing beside it.
    if (!this.#chosen) this.#unfolded = facts.length > 1 || !facts.some(({ open }) => open);
    // Hidden by the browser, the page draws no frames: the list is right all the same.
    if (document.hidden) this.#draw();
    else this.#redraw();
  }

  /** Shows what room is left. */
  room(room: Room | undefined): void {
    this.#room = room;
    this.#redraw();
  }

  /** Opens the list: something came that is to be seen. */
  unfold(): void {
    this.#unfolded = true;
    this.#chosen = true;
    this.#draw();
  }

  /** Says aloud that a song has come to its end, one way or the other. */
  tell(song: SongEntry, state: SongState): void {
    const { name } = song;
    if (state.kind === 'done') setText(this.#live, this.#i18n.t('songs.doneLive', { name }));
    if (state.kind !== 'failed') return;
    const message = errorText(this.#i18n, state.error);
    setText(this.#live, this.#i18n.t('songs.failedLive', { name, message }));
  }

  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const facts = this.#facts;
    this.element.hidden = facts.length === 0;
    this.element.setAttribute('aria-label', t('songs.title'));
    setText(this.#word, t('songs.title'));
    setText(this.#count, String(facts.length));
    this.#fold.setAttribute('aria-expanded', String(this.#unfolded));
    this.#list.hidden = !this.#unfolded;
    setText(this.#space, this.#spaceText());
    setText(this.#cancelAll, t('songs.cancelAll'));
    setText(this.#add.lastElementChild as HTMLElement, t('songs.add'));
    setText(this.#addFolder.lastElementChild as HTMLElement, t('songs.addFolder'));
    const unfinished = facts.filter(({ state }) => ['waiting', 'decoding', 'separating'].includes(state.kind));
    this.#cancelAll.hidden = unfinished.length < 2;
    this.#place(facts);
    const count = facts.length;
    for (const [place, fact] of facts.entries()) {
      const { id } = fact.song;
      this.#rows.get(id)?.row.show(fact, { place, count, chosen: this.#picked.has(id) });
    }
    const ready = readyOf(this.#pickedFacts).flatMap(({ song }) => song.shape ?? []);
    this.album.show({ total: count, chosen: this.#picked.size, ready });
    const hidden = (count < 2 || !this.#unfolded) && !this.album.busy;
    if (hidden && this.album.element.contains(document.activeElement)) this.#fold.focus();
    this.album.element.hidden = hidden;
  }

  /** Makes, removes and orders the rows; one that has the keyboard keeps it. */
  #place(facts: readonly RowFacts[]): void {
    const ids = facts.map(({ song }) => song.id);
    const had = document.activeElement;
    const before = [...this.#rows.keys()];
    for (const [id, { row, scope }] of [...this.#rows]) {
      if (ids.includes(id)) continue;
      const inside = row.element.contains(had);
      scope.dispose();
      this.#rows.delete(id);
      const next = ids[Math.min(before.indexOf(id), ids.length - 1)];
      // The keyboard goes to the song that comes next, not to the beginning of the page.
      if (inside) (next === undefined ? this.#add : undefined)?.focus();
      if (inside && next !== undefined) this.#scope.frame(() => this.#rows.get(next)?.row.focus('title'));
    }
    for (const id of ids) {
      if (this.#rows.has(id)) continue;
      const scope = this.#scope.child();
      const row = new SongRow(scope, this.#i18n, id, {
        ...this.#actions,
        move: (moved, by) => this.#moveBy(moved, by),
        choose: (chosen, on) => {
          const others = [...this.#picked].filter((other) => other !== chosen);
          this.#pick(on ? [...others, chosen] : others);
        },
        madeBy: (song) => this.#madeBy(song),
      });
      this.#rows.set(id, { row, scope });
    }
    const elements = ids.flatMap((id) => this.#rows.get(id)?.row.element ?? []);
    if (elements.every((element, n) => this.#list.children[n] === element)) return;
    this.#list.replaceChildren(...elements);
    if (had instanceof HTMLElement && this.#list.contains(had)) had.focus({ preventScroll: true });
  }

  get #pickedFacts(): readonly RowFacts[] {
    return this.#facts.filter(({ song }) => this.#picked.has(song.id));
  }

  #pick(ids: readonly string[]): void {
    this.#picked.clear();
    for (const id of ids) this.#picked.add(id);
    this.#draw();
  }

  #moveBy(id: string, by: -1 | 1): void {
    const from = this.#facts.findIndex(({ song }) => song.id === id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.#facts.length) return;
    this.#move(id, to);
    this.#draw();
    this.#rows.get(id)?.row.focus(by < 0 ? 'up' : 'down');
  }

  #move(id: string, to: number): void {
    this.#actions.move(id, to);
    const name = this.#facts.find(({ song }) => song.id === id)?.song.name ?? '';
    setText(this.#live, this.#i18n.t('songs.moved', { name, place: to + 1, count: this.#facts.length }));
  }

  /** Only where songs were made by different models, or at different qualities, it matters which. */
  #madeBy({ model, quality }: SongEntry): readonly string[] {
    const songs = this.#facts.map(({ song }) => song);
    const models = new Set(songs.flatMap((song) => (song.model ? [choiceText(song.model)] : [])));
    const qualities = new Set(songs.flatMap((song) => song.quality ?? []));
    return [
      ...(model && models.size > 1 ? [model.id] : []),
      ...(quality && qualities.size > 1 ? [this.#i18n.t(`quality.${quality}`)] : []),
    ];
  }

  #spaceText(): string {
    const kept = this.#facts.filter(({ song }) => song.keeping === 'kept' || song.keeping === 'damaged');
    if (kept.length === 0) return '';
    const used = megabytes(kept.reduce((sum, { song }) => sum + song.bytes, 0));
    if (!this.#room) return this.#i18n.t('songs.space', { used });
    return this.#i18n.t('songs.spaceFree', { used, free: (this.#room.free / 1e9).toFixed(1) });
  }

  /** Songs are dragged to other places within the list; files that are dragged over it are the page's. */
  #listenToDrags(): void {
    const list = this.#list;
    const rowOf = (event: DragEvent) => (event.target instanceof Element ? event.target.closest('li') : null);
    const mark = (row: Element | null, after = false) => {
      for (const child of list.children) {
        child.classList.toggle('drop-before', child === row && !after);
        child.classList.toggle('drop-after', child === row && after);
      }
    };
    const isAfter = (row: Element, event: DragEvent) => {
      const { top, height } = row.getBoundingClientRect();
      return event.clientY > top + height / 2;
    };
    this.#scope.listen(list, 'dragstart', (event) => {
      this.#dragged = rowOf(event)?.dataset.song;
      if (!this.#dragged || !event.dataTransfer) return;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData(DRAG_TYPE, this.#dragged);
    });
    this.#scope.listen(list, 'dragover', (event) => {
      const row = rowOf(event);
      if (!this.#dragged || !row) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
      mark(row, isAfter(row, event));
    });
    this.#scope.listen(list, 'drop', (event) => {
      const row = rowOf(event);
      const dragged = this.#dragged;
      if (!dragged) return;
      event.preventDefault();
      event.stopPropagation();
      mark(null);
      const others = this.#facts.map(({ song }) => song.id).filter((id) => id !== dragged);
      const at = row?.dataset.song === undefined ? -1 : others.indexOf(row.dataset.song);
      if (row && at >= 0) this.#move(dragged, at + (isAfter(row, event) ? 1 : 0));
    });
    this.#scope.listen(list, 'dragend', () => {
      this.#dragged = undefined;
      mark(null);
    });
  }
}

/** The songs that are separated whole: their stems can be saved. */
function readyOf(facts: readonly RowFacts[]): readonly RowFacts[] {
  return facts.filter(
    ({ song, state }) => state.kind === 'done' && song.shape && (song.store?.complete || song.keeping === 'kept'),
  );
}
