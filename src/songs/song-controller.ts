import type { AudioData } from '../audio/audio-data.ts';
import { AudioDecodeError, LongSongError } from '../core/errors.ts';
import { clock } from '../core/format.ts';
import { nextTask } from '../core/next-task.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { Player } from '../player/player.ts';
import type { ModelChoice, Quality, SeparationClient } from '../separation/separation-client.ts';
import type { SeparationChunk } from '../separation/types.ts';
import { h } from '../ui/shell/dom.ts';
import type { KeyAction } from '../ui/shell/keyboard.ts';
import type { Notices } from '../ui/shell/notices.ts';
import type { ProgressPanel } from '../ui/shell/progress-panel.ts';
import { SongList } from '../ui/songs/song-list.ts';
import { SongView } from '../ui/songs/song-view.ts';
import type { ArchiveLink } from './archive/archive-client.ts';
import { archivedEntry, SongArchive, sameSong } from './archive/song-archive.ts';
import { BatchExport } from './batch-export.ts';
import { PaintingSaver } from './painting-saver.ts';
import { PendingFiles, type PendingHere, pendingEntry, type SecondsOf } from './pending-files.ts';
import type { Progress } from './progress.ts';
import { replay } from './replay-chunks.ts';
import { workOn } from './separate-song.ts';
import { type IncomingSong, newEntry, type SongEntry } from './song-entry.ts';
import { SongOrder } from './song-order.ts';
import { SongQueue, type SongState, type Turn } from './song-queue.ts';
import type { OpenLongOptions } from './storage/open-long.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** Songs from here on take minutes and gigabytes: the person is told at once. */
const WARN_SECONDS = 3 * 3600;

/** A song that is open: its sound, what is separated of it, and its view. */
interface OpenSong {
  readonly song: SongEntry;
  readonly scope: Scope;
  readonly store: SongStorage;
  readonly player: Player;
  readonly view: SongView;
  readonly name: string;
  /** What it is separated with. */
  readonly model: ModelChoice;
  /** At which of that model's qualities; undefined: it has only one, or the separation has not begun. */
  readonly quality: Quality | undefined;
  /** To be called when something is painted on it. @param busy It cannot be heard yet. */
  readonly painted: (busy: boolean) => void;
}

/** What the desk works with. */
export interface SongControllerOptions {
  readonly client: Pick<SeparationClient, 'separate' | 'model' | 'quality' | 'qualityInUse'>;
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  /** Opens a song that is too long for memory; undefined: it is not. Without it all songs are decoded in memory. */
  readonly openLong?: (file: Blob, name: string, options: OpenLongOptions) => Promise<SongStorage | undefined>;
  /** Tells how long a large song is, so that its file takes no room that it will need. */
  readonly secondsOf?: SecondsOf;
  /** Where separated songs are kept. @param onOthers To be called when another page has changed it. */
  readonly shelf: (onOthers: () => void) => ArchiveLink;
  readonly notices: Notices;
  readonly progress: ProgressPanel;
  readonly openAnother: () => void;
  readonly chooseFolder: (() => void) | undefined;
  /** Called when a song is there and when there is none. */
  readonly onSong: (open: boolean) => void;
  /** Called when `model`, `busy` or `quiet` may have changed. */
  readonly onChange: () => void;
}

/**
 * The songs of the page: takes them from their files to the finished stems, one after the other, keeps them in the
 * browser, and opens one for listening. The song that is listened to is worked on first. The one that is open stays until
 * the next one is decoded: whatever goes wrong before that, or is cancelled, loses nothing.
 */
export class SongController {
  readonly element = h('div', { class: 'desk' });
  readonly list: SongList;
  readonly #i18n: I18n;
  readonly #options: SongControllerOptions;
  readonly #scope: Scope;
  readonly #songs = new Map<string, SongEntry>();
  readonly #line: SongQueue;
  readonly #keeper: SongArchive;
  readonly #album: BatchExport;
  readonly #waiter: PendingFiles;
  readonly #paintings: PaintingSaver;
  readonly #order = new SongOrder();
  /** What was there at the last visit is in the list: the order of what is there can be kept. */
  #recalled = false;
  #open: OpenSong | undefined;
  /** The song that the person wants to listen to: the one that is open, or one on its way there. */
  #focus: string | undefined;
  #engineStep: Progress | undefined;
  /** The song whose separation waits for the engine. */
  #waitsForEngine: string | undefined;
  /** The songs that came are looked at, one after the other; first of all the shelf. */
  #checks: Promise<unknown>;
  readonly #checked = new Map<string, Promise<void>>();

  constructor(scope: Scope, i18n: I18n, options: SongControllerOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#line = new SongQueue((id, turn) => this.#work(id, turn));
    const shelf = options.shelf(() => void this.#refresh());
    this.#keeper = new SongArchive(
      shelf,
      (song) => this.#keepingChanged(song),
      (name) =>
        options.notices.error(
          () => i18n.t('painting.full', { name }),
          () => i18n.t('painting.fullHint'),
        ),
    );
    this.#paintings = new PaintingSaver(scope, this.#keeper, (song) => void this.#release(song));
    this.#waiter = new PendingFiles(scope, shelf, () => void this.#refresh(), options.secondsOf);
    // Another page has moved a song.
    scope.add(this.#order.onOthers(scope, () => this.#line.arrange(this.#order.ids)));
    this.list = new SongList(scope, i18n, {
      listen: (id) => void this.listen(id),
      move: (id, to) => this.#line.move(id, to),
      cancel: (id) => this.#line.cancel(id),
      cancelAll: () => this.#line.cancelAll(),
      retry: (id) => this.#line.retry(id),
      remove: (id) => void this.#remove(id),
      save: (ids, format) => void this.#album.save(this.#shaped(ids), format),
      cancelSave: () => this.#album.cancel(),
      add: options.openAnother,
      addFolder: options.chooseFolder,
    });
    this.#album = new BatchExport(scope, i18n, {
      panel: this.list.album,
      notices: options.notices,
      load: async ({ id, store, file }) => {
        if (store?.complete) return { store, file };
        const read = await this.#keeper.read(id);
        return { ...read, release: async () => await read.store.dispose() };
      },
    });
    scope.add(this.#line.on('state', (id, state) => this.#stateChanged(id, state)));
    scope.add(this.#line.on('change', () => this.#changed()));
    scope.add(() => this.#line.cancelAll());
    this.#checks = this.#refresh();
  }

  /**
   * Takes songs. One alone is opened for listening, and so is the first of several where none is open; the others wait in
   * the list. What is there already is not taken again.
   */
  async add(incoming: readonly IncomingSong[]): Promise<void> {
    this.#options.notices.clearErrors();
    const songs = incoming.map(newEntry);
    for (const song of songs) this.#songs.set(song.id, song);
    if (songs.length === 1 || !this.#focus) this.#setFocus(songs[0]?.id);
    let same = 0;
    for (const song of songs) {
      const check = this.#checks.then(async () => {
        if (await this.#isThere(song, songs.length === 1)) same++;
        else if (this.#songs.has(song.id)) void this.#stow(song);
      });
      this.#checked.set(song.id, check);
      this.#checks = check;
    }
    this.#line.add(songs.map(({ id }) => id));
    if (songs.length > 1) this.list.unfold();
    await this.#checks;
    if (songs.length > 1 && same > 0)
      this.#options.notices.note(() => this.#i18n.t('songs.thereMany', { count: same }));
  }

  /** Opens a song of the list for listening. Never rejects. */
  async listen(id: string): Promise<void> {
    const song = this.#songs.get(id);
    if (!song) return;
    this.#options.notices.clearErrors();
    if (this.#line.stateOf(id)?.kind === 'elsewhere') {
      this.#options.notices.note(() => this.#i18n.t('waiting.elsewhereNote', { name: song.name }));
      return;
    }
    this.#setFocus(id);
    if (this.#open?.song === song) return;
    try {
      if (song.store || song.keeping === 'kept') {
        if (!song.store) await this.#keeper.load(song);
        await this.#put(song);
        // From the list the keyboard goes on to the player: the space bar plays.
        if (this.list.element.contains(document.activeElement))
          this.element.querySelector<HTMLElement>('#play')?.focus();
      } else this.#line.retry(id);
    } catch (error) {
      this.#options.notices.thrown(error);
      if (this.#focus === id) this.#setFocus(this.#open?.song.id);
      void this.#refresh();
    }
  }

  /** The model that the open song is separated with; undefined: there is no song. */
  get model(): ModelChoice | undefined {
    return this.#open?.model;
  }

  /** At which of that model's qualities; undefined: not known, or it has only one. */
  get quality(): Quality | undefined {
    return this.#open?.song.quality;
  }

  /** The song that is open: the learning room shows it too. */
  get song(): OpenSong | undefined {
    return this.#open;
  }

  /** A song is being opened or separated. */
  get busy(): boolean {
    return this.#line.busy;
  }

  /** Nothing is opened, separated or playing: what disturbs a song may be said. */
  get quiet(): boolean {
    return !this.busy && !this.#open?.player.playing;
  }

  /** Something would be lost if the page were closed now. */
  get unkept(): boolean {
    return this.busy || [...this.#songs.values()].some(({ store, keeping }) => store && keeping !== 'kept');
  }

  /** Separates the open song again with the model and the quality chosen now, as another entry. It stays until the first new piece. */
  async again(): Promise<void> {
    const before = this.#open?.song;
    if (!before) return;
    this.#options.notices.clearErrors();
    const { fileName, file, lent, store, key } = before;
    if (!file) return;
    // What lies in files is one song's: its vocals would be written over.
    const decoded = store?.whole && store.restarted();
    const song: SongEntry = { ...newEntry({ fileName, file }), store: decoded, lent, key };
    this.#line.cancel(before.id);
    this.#songs.set(song.id, song);
    this.#setFocus(song.id);
    this.#line.add([song.id]);
    void this.#stow(song);
  }

  /** Goes on with a separation that was cancelled. */
  finish(): void {
    const song = this.#open?.song;
    if (!song) return;
    this.#options.notices.clearErrors();
    this.#setFocus(song.id);
    this.#line.retry(song.id);
  }

  /** Stops the work on the song that the person listens to, or wants to. */
  cancel(): void {
    if (this.#focus) this.#line.cancel(this.#focus);
  }

  /** Tells a step of the engine on its way to being ready; undefined: it is. Shown to a person who waits for it. */
  engineStep(step: Progress | undefined): void {
    this.#engineStep = step;
    const song = this.#waitsForEngine === undefined ? undefined : this.#songs.get(this.#waitsForEngine);
    if (step && song) this.#show(song, step);
  }

  /** Gives a key to the open song. */
  act(action: KeyAction): boolean {
    return this.#open?.view.act(action) ?? false;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#open?.view.recolour();
  }

  async #work(id: string, turn: Turn): Promise<void> {
    const song = this.#songs.get(id);
    if (!song) return;
    await this.#checked.get(id);
    turn.signal.throwIfAborted();
    await this.#waiter.takeIntoMemory(song);
    turn.signal.throwIfAborted();
    const { client, decode, openLong, notices } = this.#options;
    const warned = new Set<string>();
    await workOn(
      song,
      turn,
      {
        client,
        decode,
        openLong:
          openLong &&
          ((file, name, options) =>
            openLong(file, name, {
              ...options,
              folder: id,
              makeRoom: () => this.#giveRoom(song),
              onProgress: (doneSeconds, totalSeconds) => {
                options.onProgress?.(doneSeconds, totalSeconds);
                if (totalSeconds < WARN_SECONDS || warned.has(id)) return;
                warned.add(id);
                notices.note(() => this.#i18n.t('long.warning', { hours: Math.round(totalSeconds / 3600) }));
              },
            })),
      },
      {
        onProgress: (progress) => this.#show(song, progress),
        onDecoded: async () => {
          if (song.store?.brokeOff) {
            const time = clock(song.store.samples / song.store.sampleRate);
            notices.note(() => this.#i18n.t('long.brokeOff', { name: song.fileName, time }));
          }
          // The same song, separated anew, waits for its first piece.
          if (this.#focus === id && !this.#isOpenAs(song)) await this.#put(song);
        },
        onChunk: (chunk) => this.#chunk(song, chunk),
        onNeedsEngine: () => {
          this.#waitsForEngine = id;
          this.#show(song, this.#engineStep ?? { kind: 'starting' });
        },
      },
    );
  }

  /** Takes the copy of a song's file away, which is there for the next visit only: the song itself needs the room. */
  async #giveRoom(song: SongEntry): Promise<boolean> {
    if (!(await this.#waiter.giveRoom(song))) return false;
    song.stowed = 'full';
    this.#changed();
    return true;
  }

  async #chunk(song: SongEntry, chunk: SeparationChunk): Promise<void> {
    if (this.#waitsForEngine === song.id) this.#waitsForEngine = undefined;
    if (this.#focus === song.id && this.#open?.store !== song.store) await this.#put(song);
    const open = this.#open;
    if (!open || open.store !== song.store) return;
    open.view.separating(true);
    open.view.add(chunk);
  }

  /** Puts a song in the place of the open one, unless the person wants another one by then. */
  async #put(song: SongEntry): Promise<void> {
    const { notices, openAnother, onSong } = this.#options;
    const { store, model } = song;
    if (!store || !model) return;
    const player = await Player.create(store);
    if (this.#focus !== song.id || song.store !== store || this.#open?.store === store || this.#scope.disposed) {
      await player.dispose();
      return;
    }
    // The same song, separated anew, goes on where it is.
    const place = this.#isOpenAs(song) ? this.#open?.view.place : undefined;
    this.#close();
    const scope = this.#scope.child();
    scope.add(() => void player.dispose());
    const { name } = song;
    const view = new SongView(scope, this.#i18n, {
      name,
      store,
      player,
      notices,
      openAnother,
      // What waited lies elsewhere once the song is kept.
      get file() {
        return song.file;
      },
    });
    if (place) view.place = place;
    scope.add(player.on('state', this.#options.onChange));
    scope.add(store.on('crash', (error) => notices.thrown(error)));
    if (player.interpolates) {
      notices.note(() => this.#i18n.t('player.interpolates', { rate: player.outputRate / 1000 }));
    }
    const painted = (busy: boolean) => this.#paintings.painted(song, busy);
    const open: OpenSong = {
      song,
      scope,
      store,
      player,
      view,
      name,
      model,
      get quality() {
        return song.quality;
      },
      painted,
    };
    this.#open = open;
    this.element.append(view.element);
    view.separating(this.#isOpen(song));
    onSong(true);
    this.#changed();
    await this.#replay(open);
  }

  /** Shows what is separated already; a whole song can be saved then. */
  async #replay({ song, store, scope, view }: OpenSong): Promise<void> {
    for await (const chunk of replay(store)) {
      if (scope.disposed) return;
      view.add(chunk);
      await nextTask();
    }
    if (!scope.disposed) view.separating(this.#isOpen(song));
  }

  /** The song is open, as it is or as it was made with another model. */
  #isOpenAs({ key, store }: SongEntry): boolean {
    const open = this.#open;
    if (!open) return false;
    return (store && open.store.sharesOriginal(store)) || (key !== undefined && open.song.key === key);
  }

  #close(): void {
    this.#paintings.flush();
    const open = this.#open;
    this.#open = undefined;
    open?.scope.dispose();
    if (open) void this.#release(open.song);
  }

  /** Gives back the memory, or the disk, of a song that nobody needs there: kept, or of no use. Never rejects. */
  async #release(song: SongEntry): Promise<void> {
    if (this.#open?.song === song || this.#isOpen(song)) return;
    const done = this.#line.stateOf(song.id)?.kind === 'done';
    if (done && song.keeping !== 'kept') return;
    if (done) song.file = undefined;
    const { store } = song;
    song.store = undefined;
    await store?.dispose();
  }

  /** It is worked on, or waits for that. */
  #isOpen({ id }: SongEntry): boolean {
    const kind = this.#line.stateOf(id)?.kind;
    return kind === 'waiting' || kind === 'decoding' || kind === 'separating';
  }

  #stateChanged(id: string, state: SongState): void {
    const song = this.#songs.get(id);
    if (!song) return;
    if (state.kind === 'failed') this.#failed(song, state.error);
    // The same file would fail again at each visit.
    if (state.kind === 'failed' && isFilesFault(state.error)) void this.#waiter.drop(id);
    // What another page has made is kept already, and its sound is not here.
    if (state.kind === 'done' && song.store) void this.#keeper.keep(song).then(() => this.#release(song));
    if (state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled') this.#ended(song, state);
    this.list.tell(song, state);
    this.#changed();
  }

  /** Leaves the page as the work leaves it: a whole song, a part of one, or what was there before. */
  #ended(song: SongEntry, state: SongState): void {
    if (this.#waitsForEngine === song.id) this.#waitsForEngine = undefined;
    const open = this.#open?.song === song ? this.#open : undefined;
    if (!open) {
      song.progress = state.kind === 'done' ? song.progress : undefined;
      void this.#release(song);
    } else if (open.store.complete) {
      if (song.progress?.kind !== 'done') song.progress = undefined;
    } else {
      const { separatedSamples, samples, sampleRate: rate } = open.store;
      song.progress = {
        kind: 'cancelled',
        doneSeconds: separatedSamples / rate,
        totalSeconds: samples / rate,
      };
    }
    open?.view.separating(false);
    if (this.#focus !== song.id) return;
    if (open || state.kind === 'done') this.#options.progress.show(song.progress);
    // With nothing else to listen to, the next one that is made is opened.
    else this.#setFocus(this.#open?.song.id ?? (state.kind === 'failed' ? this.#line.active : undefined));
  }

  #failed(song: SongEntry, error: unknown): void {
    if (this.#focus !== song.id) return;
    const other = this.#open && this.#open.song !== song;
    const kept = () => (other ? this.#i18n.t('notice.kept') : '');
    this.#options.notices.thrown(error, kept);
  }

  #setFocus(id: string | undefined): void {
    this.#focus = id;
    this.#line.prefer(id);
    const song = id === undefined ? undefined : this.#songs.get(id);
    this.#options.progress.show(song?.progress);
    this.#changed();
  }

  /** Shows a step of what is going on. */
  #show(song: SongEntry, progress: Progress): void {
    song.progress = progress;
    if (this.#focus === song.id) this.#options.progress.show(progress);
  }

  /** Whether a song that came is in the list already; it is taken out again then. */
  async #isThere(song: SongEntry, alone: boolean): Promise<boolean> {
    void this.#keeper.keyOf(song);
    const order = this.#line.songs.map(({ id }) => id);
    const before = order.slice(0, order.indexOf(song.id)).flatMap((id) => this.#songs.get(id) ?? []);
    const same = await sameSong(song, this.#options.client, before);
    if (!same || !this.#songs.has(song.id) || !this.#songs.has(same.id)) return false;
    const focused = this.#focus === song.id;
    this.#songs.delete(song.id);
    this.#line.remove(song.id);
    if (focused) {
      if (alone) {
        const key = same.keeping === 'kept' ? 'songs.thereKept' : 'songs.there';
        this.#options.notices.note(() => this.#i18n.t(key, { name: same.name }));
      }
      await this.listen(same.id);
    }
    return true;
  }

  /** Songs that are there, with what is known of their sound. */
  #shaped(ids: readonly string[]) {
    return ids.flatMap((id) => {
      const song = this.#songs.get(id);
      return song?.shape ? [{ song, shape: song.shape }] : [];
    });
  }

  #keepingChanged(song: SongEntry): void {
    if (song.keeping === 'full') {
      this.#options.notices.error(
        () => this.#i18n.t('songs.full', { name: song.name }),
        () => this.#i18n.t('songs.fullHint'),
      );
    }
    if (song.keeping === 'kept') void this.#waiter.drop(song.id);
    void this.#showRoom();
    this.#changed();
  }

  /** Keeps the file of a song until it is separated. */
  async #stow(song: SongEntry): Promise<void> {
    const full = [...this.#songs.values()].some(({ stowed }) => stowed === 'full');
    song.stowed = await this.#waiter.stow(song, await this.#keeper.keyOf(song));
    if (song.stowed === 'full' && !full && this.#songs.has(song.id)) {
      this.#options.notices.note(() => this.#i18n.t('waiting.full', { name: song.name }));
    }
    this.#changed();
  }

  async #remove(id: string): Promise<void> {
    const song = this.#songs.get(id);
    if (!song || this.#line.stateOf(id)?.kind === 'elsewhere') return;
    void this.#waiter.drop(id);
    this.#songs.delete(id);
    this.#line.remove(id);
    if (this.#open?.song === song) {
      this.#close();
      this.#options.onSong(false);
    }
    if (this.#focus === id || this.#focus === undefined) this.#setFocus(this.#open?.song.id);
    const released = this.#release(song);
    this.#changed();
    try {
      if (song.keeping !== 'not-yet') await this.#keeper.remove(song);
    } catch (error) {
      this.#options.notices.thrown(error);
    }
    await released;
    // There is room now for what had none.
    for (const other of this.#songs.values()) if (other.keeping === 'full') void this.#keeper.keep(other);
    void this.#showRoom();
  }

  /** Brings the list up to what is kept. Never rejects. */
  async #refresh(): Promise<void> {
    try {
      // In this order: a page that ends a song keeps it before it takes its file away.
      const waiting = await this.#waiter.list();
      const entries = (await this.#keeper.list()) ?? [];
      const added = entries.filter(({ id }) => !this.#songs.has(id));
      for (const entry of added) this.#songs.set(entry.id, archivedEntry(entry, this.#i18n.t('songs.nameless')));
      this.#line.add(
        added.map(({ id }) => id),
        'done',
      );
      const ids = new Set(entries.map(({ id }) => id));
      // Another page has made it.
      for (const entry of entries) {
        if (this.#line.stateOf(entry.id)?.kind !== 'elsewhere') continue;
        this.#songs.set(entry.id, archivedEntry(entry, this.#i18n.t('songs.nameless')));
        this.#line.settle(entry.id, 'done');
      }
      this.#takeWaiting(waiting, ids);
      this.#line.arrange(this.#order.ids);
      this.#recalled = true;
      for (const song of [...this.#songs.values()]) {
        // Another page has removed it. What is open stays.
        if (!['kept', 'damaged'].includes(song.keeping) || ids.has(song.id) || song === this.#open?.song) continue;
        this.#songs.delete(song.id);
        this.#line.remove(song.id);
      }
    } catch (error) {
      this.#options.notices.thrown(error);
    }
    await this.#showRoom();
    this.#changed();
  }

  /** Brings the list up to the songs that wait, here and in other pages. @param kept Ids of those that are separated */
  #takeWaiting(waiting: readonly PendingHere[], kept: ReadonlySet<string>): void {
    for (const { entry, own } of waiting) {
      const { id } = entry;
      if (kept.has(id)) {
        if (own) void this.#waiter.drop(id);
        continue;
      }
      const state = own ? (this.#order.cancelled.includes(id) ? 'cancelled' : 'waiting') : 'elsewhere';
      if (!this.#songs.has(id)) {
        this.#songs.set(id, pendingEntry(entry));
        this.#line.add([id], state);
      } else if (state !== 'elsewhere') this.#line.settle(id, state);
    }
    const there = new Set(waiting.map(({ entry }) => entry.id));
    for (const { id, state } of this.#line.songs) {
      if (state.kind !== 'elsewhere' || there.has(id)) continue;
      this.#songs.delete(id);
      this.#line.remove(id);
    }
  }

  async #showRoom(): Promise<void> {
    this.list.room(await this.#keeper.room());
  }

  #changed(): void {
    if (this.#recalled) this.#order.keep(this.#line.songs);
    this.list.show(
      this.#line.songs.flatMap(({ id, state }) => {
        const song = this.#songs.get(id);
        return song ? [{ song, state, open: this.#open?.song === song, active: this.#line.active === id }] : [];
      }),
    );
    this.#options.onChange();
  }
}

function isFilesFault(error: unknown): boolean {
  return error instanceof AudioDecodeError || error instanceof LongSongError;
}
