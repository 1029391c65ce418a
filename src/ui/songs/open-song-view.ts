import { Emitter } from '../../core/emitter.ts';
import { nextTask } from '../../core/next-task.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { Player } from '../../player/player.ts';
import { replay } from '../../songs/replay-chunks.ts';
import type { SongController } from '../../songs/song-controller.ts';
import { fileOf } from '../../songs/song-entry.ts';
import type { OpenSong } from '../../songs/songs-state.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h } from '../shell/dom.ts';
import type { KeyAction } from '../shell/keyboard.ts';
import type { Notices } from '../shell/notices.ts';
import { SongView } from './song-view.ts';
import { TrackMenu } from './track-menu.ts';

/** What the view of the open song works with. */
export interface OpenSongViewOptions {
  readonly songs: SongController;
  readonly notices: Notices;
}

interface Shown {
  readonly scope: Scope;
  readonly store: SongStorage;
  readonly sourceId: string;
  readonly player: Player;
  readonly view: SongView;
  readonly trackMenu: TrackMenu;
  readonly song: ShownSong;
}

/** The song that is shown, for the learning page. The same object as long as it is shown. */
export interface ShownSong {
  readonly name: string;
  readonly store: SongStorage;
  readonly player: Player;
  /** What it is separated with. */
  readonly model: OpenSong['model'];
  /** Undefined: the model has only one, or the separation has not begun. */
  readonly quality: OpenSong['quality'];
  /** To be called when something is painted on it. @param busy It cannot be heard yet. */
  readonly painted: (busy: boolean) => void;
}

/** The place of the open song: its player and its view. The one before stays until the next one can be played. */
export class OpenSongView extends Emitter<{ change: [] }> {
  readonly element = h('div', { class: 'open-song' });
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: OpenSongViewOptions;
  #shown: Shown | undefined;
  /** The store whose player is being made. */
  #coming: SongStorage | undefined;
  #ready: Promise<void> = Promise.resolve();

  constructor(scope: Scope, i18n: I18n, options: OpenSongViewOptions) {
    super();
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const { songs } = options;
    scope.add(songs.on('change', () => this.#follow()));
    scope.add(
      songs.on('chunk', (store, chunk) => {
        const shown = this.#shown;
        if (shown?.store !== store) return;
        shown.view.add(chunk);
      }),
    );
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
    return this.#shown?.player.playing ?? false;
  }

  /** Puts the keyboard on the play button, as soon as the song that is open is shown. */
  async focusPlay(): Promise<void> {
    await this.#ready;
    this.element.querySelector<HTMLElement>('#play')?.focus();
  }

  /** Gives a key to the song; false if it is nothing for it. */
  act(action: KeyAction): boolean {
    return this.#shown?.view.act(action) ?? false;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#shown?.view.recolour();
  }

  #follow(): void {
    const { open } = this.#options.songs.state;
    if (!open) {
      this.#coming = undefined;
      if (this.#shown) this.#close();
    } else if (open.storage === this.#shown?.store) {
      this.#coming = undefined;
      this.#shown.view.separating(open.working);
    } else if (open.storage !== this.#coming) {
      this.#coming = open.storage;
      this.#ready = this.#show(open.storage);
    }
  }

  async #show(store: SongStorage): Promise<void> {
    const { songs } = this.#options;
    const letGo = songs.use(store);
    try {
      const player = await Player.create(store);
      const { open } = songs.state;
      // The person wants another one by then.
      if (this.#coming !== store || open?.storage !== store || this.#scope.disposed) {
        letGo();
        await player.dispose();
        return;
      }
      this.#coming = undefined;
      this.#replay(this.#replace(open, player, letGo));
    } catch (error) {
      letGo();
      if (this.#coming === store) this.#coming = undefined;
      songs.cannotOpen(store, error);
    }
  }

  #replace(open: OpenSong, player: Player, letGo: () => void): Shown {
    const { songs, notices } = this.#options;
    const { storage: store, model } = open;
    const { id, name, sourceId } = open.song;
    // The same song, separated anew, goes on where it is.
    const place = this.#shown?.sourceId === sourceId ? this.#shown.view.place : undefined;
    const keepsMenuFocus = this.#shown?.trackMenu.hasFocus ?? false;
    this.#shown?.scope.dispose();
    const scope = this.#scope.child();
    scope.add(letGo);
    scope.add(() => void player.dispose());
    const now = () => (songs.state.open?.storage === store ? songs.state.open : undefined);
    const trackMenu = new TrackMenu(scope, this.#i18n, songs, store);
    const view = new SongView(scope, this.#i18n, {
      name,
      store,
      player,
      track: open.song.track,
      trackMenu: trackMenu.element,
      notices,
      onMode: () => this.emit('change'),
      // What was pending lies elsewhere once the song is kept.
      get file() {
        return fileOf(now()?.song ?? open.song)?.blob;
      },
    });
    if (place) view.place = place;
    scope.add(player.on('state', () => this.emit('change')));
    scope.add(store.on('crash', (error) => notices.thrown(error)));
    if (player.interpolates) {
      notices.note(() => this.#i18n.t('player.interpolates', { rate: player.outputRate / 1000 }));
    }
    const song: ShownSong = {
      name,
      store,
      player,
      model,
      get quality() {
        return (now() ?? open).quality;
      },
      painted: (busy) => songs.painted(id, store, busy),
    };
    const shown = { scope, store, sourceId, player, view, trackMenu, song };
    this.#shown = shown;
    this.element.append(view.element);
    if (keepsMenuFocus) trackMenu.focus();
    view.separating(open.working);
    this.emit('change');
    return shown;
  }

  #replay(shown: Shown): void {
    this.#showSeparated(shown).catch((error: unknown) => {
      if (!shown.scope.disposed) this.#options.notices.thrown(error);
    });
  }

  /** Shows what is separated already; a whole song can be saved then. */
  async #showSeparated({ store, scope, view }: Shown): Promise<void> {
    const { songs } = this.#options;
    const now = () => (songs.state.open?.storage === store ? songs.state.open : undefined);
    for await (const chunk of replay(store)) {
      if (scope.disposed) return;
      view.add(chunk);
      await nextTask();
    }
    if (!scope.disposed) view.separating(now()?.working ?? false);
  }

  #close(): void {
    this.#shown?.scope.dispose();
    this.#shown = undefined;
    this.emit('change');
  }
}
