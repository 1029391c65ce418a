import { browserStorage } from '../../core/browser-storage.ts';
import { Emitter } from '../../core/emitter.ts';
import { nextTask } from '../../core/next-task.ts';
import type { Scope } from '../../core/scope.ts';
import { topOf } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { Player } from '../../player/player.ts';
import { ResultChoice } from '../../songs/result-choice.ts';
import type { SongController } from '../../songs/song-controller.ts';
import { storageOf } from '../../songs/song-entry.ts';
import { resultsOf } from '../../songs/song-results.ts';
import type { OpenSong } from '../../songs/songs-state.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { ModelTitle } from '../player/result-names.ts';
import { ResultSwitch } from '../player/result-switch.ts';
import { h } from '../shell/dom.ts';
import type { KeyAction } from '../shell/keyboard.ts';
import type { Notices } from '../shell/notices.ts';
import { SpectrogramLayout } from '../spectrogram/spectrogram-layout.ts';
import { ResultView, type ShownSong } from './result-view.ts';

/** What the view of the open song works with. */
export interface OpenSongViewOptions {
  readonly songs: SongController;
  readonly notices: Notices;
  /** The short title of a model. */
  readonly titleOf: ModelTitle;
}

/** The song whose results share a player. */
interface PlayedSong {
  readonly scope: Scope;
  readonly player: Player;
  readonly sourceId: string;
  readonly track: number | undefined;
}

/**
 * The place of the open song: its player and its view. The one before stays until the next one can be played. Of two
 * results of one song, both stay: they change places while the player goes on.
 */
export class OpenSongView extends Emitter<{ change: [] }> {
  readonly element = h('div', { class: 'open-song' });
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: OpenSongViewOptions;
  readonly #layout = new SpectrogramLayout(browserStorage());
  readonly #choice: ResultChoice;
  readonly #results: ResultSwitch;
  #played: PlayedSong | undefined;
  #shown: ResultView | undefined;
  /** Another result of the song, separated whole. */
  #standby: ResultView | undefined;
  /** The store that will be shown. */
  #coming: SongStorage | undefined;
  /** Resolves when the song that is open is shown. */
  ready: Promise<void> = Promise.resolve();

  constructor(scope: Scope, i18n: I18n, options: OpenSongViewOptions) {
    super();
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const { songs, notices, titleOf } = options;
    this.#choice = new ResultChoice({
      listen: (id) => songs.listen(id),
      hold: (id) => songs.hold(id),
      hear: (minus) => this.#shown && this.#played?.player.hear(this.#shown.store, minus),
      failed: (error) => notices.thrown(error),
    });
    this.#results = new ResultSwitch(scope, i18n, this.#choice, titleOf);
    scope.add(this.#choice.on('change', () => this.#compare()));
    scope.add(songs.on('change', () => this.#follow()));
    scope.add(songs.on('chunk', (store, chunk) => this.#shown?.store === store && this.#shown.view.add(chunk)));
    i18n.bind(scope, () => this.#compare());
  }

  /** The song that is shown; `change` tells that it is another, or plays or pauses. */
  get song(): ShownSong | undefined {
    return this.#shown?.song;
  }

  /** Whether a song is shown that plays as recorded: no stem was chosen. */
  get hearsOriginal(): boolean {
    return this.#shown?.view.mode === 'original';
  }

  /** Plays one stem of the song that is shown. */
  hear(stem: 'vocals' | 'accompaniment'): void {
    this.#shown?.view.hear(stem);
  }

  get playing(): boolean {
    return this.#played?.player.playing ?? false;
  }

  /** Puts the keyboard on the play button, as soon as the song that is open is shown. */
  async focusPlay(): Promise<void> {
    await this.ready;
    this.#shown?.focus('play');
  }

  /** Gives a key to the song; false if it is nothing for it. */
  act(action: KeyAction): boolean {
    if (action.kind === 'result' || action.kind === 'difference') {
      if (this.#choice.results.length < 2) return false;
      if (action.kind === 'result' || this.#choice.minus) this.#choice.toggle();
      else void this.#choice.hearDifference();
      return true;
    }
    return this.#shown?.view.act(action) ?? false;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    for (const result of [this.#shown, this.#standby]) result?.view.recolour();
  }

  /** Takes new titles of the models. */
  retitle(): void {
    this.#results.show();
    this.#compare();
  }

  #follow(): void {
    const { open, rows } = this.#options.songs.state;
    if (!open) {
      this.#coming = undefined;
      this.#close();
    } else if (open.storage === this.#shown?.store) {
      this.#coming = undefined;
      this.#shown.update(open);
      this.#update();
    } else if (open.storage !== this.#coming) {
      this.#coming = open.storage;
      this.ready = this.#show(open);
    }
    const standby = this.#standby?.store;
    if (standby && standby !== open?.storage && !rows.some(({ song }) => storageOf(song) === standby))
      this.#dropStandby();
  }

  async #show(open: OpenSong): Promise<void> {
    const { songs } = this.#options;
    const { storage: store } = open;
    const release = songs.use(store);
    try {
      if (this.#isPlayed(open)) await this.#bring(open);
      else await this.#begin(open);
    } catch (error) {
      if (this.#coming === store) this.#coming = undefined;
      songs.cannotOpen(store, error);
    } finally {
      release();
    }
  }

  /** Whether a storage is still the one to show. */
  #isWanted(store: SongStorage): boolean {
    return this.#coming === store && this.#options.songs.state.open?.storage === store && !this.#scope.disposed;
  }

  /** Whether it is another result of the song that is shown. */
  #isPlayed({ song, storage }: OpenSong): boolean {
    const played = this.#played;
    const before = this.#shown?.store;
    if (!before || played?.sourceId !== song.sourceId || played.track !== song.track) return false;
    return (['sampleRate', 'channels', 'samples'] as const).every((key) => storage[key] === before[key]);
  }

  /** Shows another song, with a player of its own. */
  async #begin(open: OpenSong): Promise<void> {
    const { notices, songs } = this.#options;
    const { storage } = open;
    // The separation begins first: it computes elsewhere while this thread makes the player.
    await nextTask();
    const player = await Player.create(storage);
    if (!this.#isWanted(storage)) {
      await player.dispose();
      return;
    }
    this.#coming = undefined;
    const focused = this.#shown?.focused;
    const { sourceId, track } = open.song;
    // Another track of the song goes on where the one before was.
    const before = this.#played?.sourceId === sourceId ? this.#shown?.view.place : undefined;
    const seconds = this.#played?.player.position ?? 0;
    this.#dropAll();
    this.#layout.filling = undefined;
    const scope = this.#scope.child();
    scope.add(() => void player.dispose());
    scope.add(player.on('state', () => this.emit('change')));
    scope.add(player.on('rateAndKeyFailed', (error) => notices.thrown(error)));
    scope.add(player.on('outputLost', () => notices.note(() => this.#i18n.t('player.outputLost'))));
    if (player.interpolates) {
      notices.note(() => this.#i18n.t('player.interpolates', { rate: player.outputRate / 1000 }));
    }
    this.#played = { scope, player, sourceId, track };
    const result = this.#make(songs.state.open ?? open);
    if (before) result.view.restore(before, seconds);
    this.#put(result, focused);
    void result.fill();
  }

  /** Brings another result to the place of the one that is shown; the player goes on. */
  async #bring(open: OpenSong): Promise<void> {
    const { storage } = open;
    let result = this.#standby;
    if (result?.store !== storage) {
      result = this.#make(open);
      // What is whole is painted before it is seen; else each piece is seen when it comes.
      if (storage.complete) {
        this.#dropStandby();
        this.#standby = result;
        result.active = false;
        this.element.append(result.view.element);
        await result.fill();
        await result.painted();
        if (!this.#isWanted(storage) || this.#standby !== result) return;
      } else void result.fill();
    }
    this.#coming = undefined;
    const before = this.#shown;
    if (this.#standby === result) this.#standby = undefined;
    if (before) result.view.place = before.view.place;
    this.#put(result, before?.focused);
  }

  #make(open: OpenSong): ResultView {
    const { scope, player } = this.#played as PlayedSong;
    return new ResultView(scope.child(), this.#i18n, open, {
      ...this.#options,
      player,
      layout: this.#layout,
      place: this.#isPlayed(open) ? this.#shown?.view.place : undefined,
      onMode: () => this.emit('change'),
      onMix: () => this.#choice.leaveDifference(),
    });
  }

  /** Shows a result; the one before stands by if it is whole. */
  #put(result: ResultView, focused: string | undefined): void {
    const before = this.#shown;
    const keepsSwitch = this.#results.hasFocus;
    this.#shown = result;
    before?.view.compare(undefined);
    if (before) before.active = false;
    if (before?.store.complete) {
      this.#dropStandby();
      this.#standby = before;
    } else before?.dispose();
    if (!result.view.element.isConnected) this.element.append(result.view.element);
    result.view.takeResults(this.#results.element);
    this.#played?.player.hear(result.store);
    this.#update();
    result.active = true;
    if (keepsSwitch) this.#results.focus();
    else if (focused !== undefined) result.focus(focused);
    this.emit('change');
  }

  /** Takes the results of the song that is shown. */
  #update(): void {
    const { state } = this.#options.songs;
    this.#choice.update(resultsOf(state), state.open?.song.id);
    const shown = [this.#shown, this.#standby].filter((result) => result !== undefined);
    const tops = shown.flatMap(({ store }) => (store.scale ? topOf(store.scale) : []));
    // Results of models with other highest frequencies are drawn on one axis.
    const topHz = tops.length > 1 ? Math.max(...tops) : undefined;
    for (const { view } of shown) view.timeline.spectrograms.topHz = topHz;
    this.#played?.player.keep(shown.map(({ store }) => store));
  }

  /** Shows the difference that is heard. */
  #compare(): void {
    const store = this.#played?.player.minus;
    const difference = this.#results.difference;
    this.#shown?.view.compare(store && difference && { store, ...difference });
  }

  #dropStandby(): void {
    this.#standby?.dispose();
    this.#standby = undefined;
  }

  #dropAll(): void {
    this.#played?.scope.dispose();
    this.#played = undefined;
    this.#shown = undefined;
    this.#standby = undefined;
  }

  #close(): void {
    if (!this.#shown) return;
    this.#dropAll();
    this.#update();
    this.emit('change');
  }
}
