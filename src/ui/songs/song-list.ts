import { browserStorage } from '../../core/browser-storage.ts';
import { baseName, megabytes } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { choiceText } from '../../separation/model-choice.ts';
import type { BatchExport, BatchSong } from '../../songs/batch-export.ts';
import type { SongController } from '../../songs/song-controller.ts';
import { isInWork, isKept, listenableStorage, madeWithOf, type SongEntry } from '../../songs/song-entry.ts';
import type { SongNavigation } from '../../songs/song-navigation.ts';
import type { SongRow as RowFacts } from '../../songs/songs-state.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';
import { BatchExportPanel } from './batch-export-panel.ts';
import { SongListPanel } from './song-list-panel.ts';
import { errorText, keptBytes, nameOf, SongRow } from './song-row.ts';
import { rowDrags } from './song-row-drags.ts';

/** From this width of the page on, in CSS pixels, the list lies beside the song; the style sheet has the same. */
const DOCKED = '(min-width: 1100px)';

/** What the list works with. */
export interface SongListOptions {
  readonly songs: SongController;
  readonly navigation: SongNavigation;
  readonly batch: BatchExport;
  /** Lets the person choose songs. */
  readonly add: () => void;
  readonly addFolder: (() => void) | undefined;
  /** Called when a song of the list was opened at once, and the keyboard is still here. */
  readonly onOpened: () => void;
}

/** The songs of the page and of earlier visits: how each stands, in which order they are made, what space they take. */
export class SongList {
  readonly element: HTMLElement;
  /** Announces songs that have come to their end; in the page also while the list is closed. */
  readonly live = h('p', { class: 'visually-hidden', role: 'status' });
  /** For the top bar: opens and closes the list. */
  readonly button = h('button', { type: 'button', class: 'button small songs-button', 'aria-controls': 'songs' });
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: SongListOptions;
  readonly #panel = new SongListPanel(browserStorage());
  /** What is done with several songs at once. */
  readonly #batch: BatchExportPanel;
  readonly #list = h('ol', { class: 'song-rows', id: 'song-rows' });
  readonly #title = h('h2');
  readonly #close = h('button', { type: 'button', class: 'icon-button songs-close' }, icon('close'));
  readonly #count = h('span', { class: 'songs-count' });
  readonly #word = h('span', { class: 'word' });
  readonly #space = h('p', { class: 'songs-space' });
  readonly #drop = h('p', { class: 'songs-drop' });
  readonly #cancelAll = h('button', { type: 'button', class: 'button small', id: 'cancel-all' });
  readonly #add = h('button', { type: 'button', class: 'button small' }, icon('plus'), h('span'));
  readonly #addFolder = h('button', { type: 'button', class: 'button small' }, icon('folder'), h('span'));
  readonly #rows = new Map<string, { readonly row: SongRow; readonly scope: Scope }>();
  readonly #redraw: () => void;
  #facts: readonly RowFacts[] = [];
  /** The songs that a person has chosen. */
  readonly #picked = new Set<string>();

  constructor(scope: Scope, i18n: I18n, options: SongListOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const { songs, navigation, batch, add, addFolder } = options;
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.button.append(icon('list'), this.#word, this.#count);
    this.#batch = new BatchExportPanel(scope, i18n, batch, {
      chooseAll: (on) => this.#pick(on ? this.#facts.map(({ song }) => song.id) : []),
      save: (format) => void batch.save(readyOf(this.#pickedFacts), format),
      remove: () => {
        for (const id of [...this.#picked]) void songs.remove(id);
      },
    });
    this.element = h(
      'section',
      { class: 'songs card', id: 'songs', hidden: true },
      h('div', { class: 'songs-head' }, this.#title, this.#close),
      h('div', { class: 'songs-tools' }, this.#drop, this.#add, this.#addFolder),
      this.#cancelAll,
      this.#batch.element,
      this.#list,
      this.#space,
    );
    this.#addFolder.hidden = !addFolder;
    this.#bindPanel(scope);
    scope.listen(this.#cancelAll, 'click', () => songs.cancelAll());
    scope.listen(this.#add, 'click', add);
    scope.listen(this.#addFolder, 'click', () => addFolder?.());
    rowDrags(scope, this.#list, (id, to) => this.#move(id, to));
    scope.add(songs.on('change', () => this.#show(songs.state.rows)));
    scope.add(navigation.on('change', () => this.#show(songs.state.rows)));
    scope.add(songs.on('added', (count) => count > 1 && this.#panel.reveal()));
    scope.add(songs.on('ended', (song) => this.#tell(song)));
    this.#show(songs.state.rows);
    i18n.bind(scope, () => {
      setText(this.live, '');
      this.#draw();
    });
  }

  /** Shows the songs, in this order. */
  #show(facts: readonly RowFacts[]): void {
    this.#facts = facts;
    for (const id of [...this.#picked]) if (!facts.some(({ song }) => song.id === id)) this.#picked.delete(id);
    if (facts.length < 2) this.#picked.clear();
    const { opening } = this.#options.navigation;
    this.#panel.show({ count: facts.length, inUse: facts.some(({ open, active }) => open || active), opening });
    // Hidden by the browser, the page draws no frames: the list is right all the same.
    if (document.hidden) this.#draw();
    else this.#redraw();
  }

  /** Opens and closes the list with its buttons, and over a narrow page with Escape and a click beside it. */
  #bindPanel(scope: Scope): void {
    const panel = this.#panel;
    const wide = matchMedia(DOCKED);
    const follow = () => {
      panel.docked = wide.matches;
    };
    follow();
    scope.listen(wide, 'change', follow);
    scope.add(panel.on('change', () => this.#draw()));
    scope.listen(this.button, 'click', () => {
      panel.toggle();
      if (panel.open && !panel.docked) this.#close.focus();
    });
    const close = () => {
      const inside = this.element.contains(document.activeElement);
      panel.close();
      if (inside) this.button.focus();
    };
    scope.listen(this.#close, 'click', close);
    scope.listen(this.element, 'keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || panel.docked) return;
      event.preventDefault();
      close();
    });
    scope.listen(document, 'pointerdown', ({ target }) => {
      const inside = target instanceof Node && (this.element.contains(target) || this.button.contains(target));
      if (!inside && !panel.docked) panel.close();
    });
  }

  /** Says aloud that a song has come to its end, one way or the other. */
  #tell(song: SongEntry): void {
    const name = nameOf(song, this.#i18n);
    if (song.kind === 'done') setText(this.live, this.#i18n.t('songs.doneLive', { name }));
    if (song.kind !== 'failed') return;
    const message = errorText(this.#i18n, song.error);
    setText(this.live, this.#i18n.t('songs.failedLive', { name, message }));
  }

  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const facts = this.#facts;
    const { available, open } = this.#panel;
    this.button.hidden = !available;
    setAttributes(this.button, { 'aria-expanded': String(open) });
    this.element.hidden = !open;
    this.element.setAttribute('aria-label', t('songs.title'));
    setText(this.#word, t('songs.title'));
    setText(this.#title, t('songs.title'));
    setAttributes(this.#close, { 'aria-label': t('songs.close'), title: t('songs.close') });
    setText(this.#count, String(facts.length));
    setText(this.#space, this.#spaceText());
    // On a phone, there is nothing to drop.
    setText(this.#drop, matchMedia('(pointer: coarse)').matches ? '' : t('start.drop'));
    setText(this.#cancelAll, t('songs.cancelAll'));
    setText(this.#add.lastElementChild as HTMLElement, t('songs.add'));
    setText(this.#addFolder.lastElementChild as HTMLElement, t('songs.addFolder'));
    const unfinished = facts.filter(({ song }) => isInWork(song));
    this.#cancelAll.hidden = unfinished.length < 2;
    this.#place(facts);
    const count = facts.length;
    const choosing = this.#picked.size > 0;
    for (const [place, fact] of facts.entries()) {
      const { id } = fact.song;
      this.#rows.get(id)?.row.show(fact, { place, count, chosen: this.#picked.has(id), choosing });
    }
    const ready = readyOf(this.#pickedFacts).map(({ shape }) => shape);
    this.#batch.show({ total: count, chosen: this.#picked.size, ready });
    const hidden = count < 2 && !this.#batch.busy;
    if (hidden && this.#batch.element.contains(document.activeElement)) this.#add.focus();
    this.#batch.element.hidden = hidden;
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
      if (inside && next !== undefined) this.#scope.frame(() => this.#rows.get(next)?.row.focus());
    }
    for (const id of ids) {
      if (this.#rows.has(id)) continue;
      const scope = this.#scope.child();
      const row = new SongRow(scope, this.#i18n, id, {
        listen: (chosen) => void this.#listen(chosen),
        cancel: (chosen) => this.#options.songs.cancel(chosen),
        retry: (chosen) => this.#options.songs.retry(chosen),
        remove: (chosen) => void this.#options.songs.remove(chosen),
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

  async #listen(id: string): Promise<void> {
    const opened = await this.#options.songs.listen(id);
    const inside = this.element.contains(document.activeElement);
    if (!this.#panel.docked) this.#panel.close();
    if (opened && inside) this.#options.onOpened();
  }

  #moveBy(id: string, by: -1 | 1): void {
    const from = this.#facts.findIndex(({ song }) => song.id === id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.#facts.length) return;
    this.#move(id, to);
    this.#draw();
    this.#rows.get(id)?.row.reveal();
  }

  #move(id: string, to: number): void {
    this.#options.songs.move(id, to);
    const moved = this.#facts.find(({ song }) => song.id === id)?.song;
    const name = moved ? nameOf(moved, this.#i18n) : '';
    setText(this.live, this.#i18n.t('songs.moved', { name, place: to + 1, count: this.#facts.length }));
  }

  /** Only where songs were made by different models, or at different qualities, it matters which. */
  #madeBy(song: SongEntry): readonly string[] {
    const made = this.#facts.flatMap((fact) => madeWithOf(fact.song) ?? []);
    const models = new Set(made.map(({ model }) => choiceText(model)));
    const qualities = new Set(made.flatMap(({ quality }) => quality ?? []));
    const { model, quality } = madeWithOf(song) ?? {};
    return [
      ...(model && models.size > 1 ? [model.id] : []),
      ...(quality && qualities.size > 1 ? [this.#i18n.t(`quality.${quality}`)] : []),
    ];
  }

  #spaceText(): string {
    const kept = this.#facts.flatMap(({ song }) => keptBytes(song) ?? []);
    if (kept.length === 0) return '';
    const used = megabytes(kept.reduce((sum, bytes) => sum + bytes, 0));
    const { space } = this.#options.songs.state;
    if (!space) return this.#i18n.t('songs.space', { used });
    return this.#i18n.t('songs.spaceFree', { used, free: (space.free / 1e9).toFixed(1) });
  }
}

/** The songs that are separated whole: their stems can be saved. */
function readyOf(facts: readonly RowFacts[]): readonly BatchSong[] {
  return facts.flatMap(({ song }) => {
    if (song.kind !== 'done' || !(isKept(song) || listenableStorage(song)?.complete)) return [];
    return [{ id: song.id, name: song.name, baseName: baseName(song.fileName), shape: song.shape }];
  });
}
