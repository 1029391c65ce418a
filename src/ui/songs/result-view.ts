import { baseName } from '../../core/format.ts';
import { nextTask } from '../../core/next-task.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { Player } from '../../player/player.ts';
import { replay } from '../../songs/replay-chunks.ts';
import type { SongController } from '../../songs/song-controller.ts';
import { fileOf } from '../../songs/song-entry.ts';
import type { OpenSong } from '../../songs/songs-state.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { Notices } from '../shell/notices.ts';
import type { SpectrogramLayout } from '../spectrogram/spectrogram-layout.ts';
import { SongHead } from './song-head.ts';
import type { SongPlace } from './song-place.ts';
import { SongView } from './song-view.ts';
import { TrackMenu } from './track-menu.ts';

/** Frames that a view may take to be painted before it is seen. */
const MAX_FRAMES = 120;

/** The song that is shown, for the learning page. The same object as long as it is shown. */
export interface ShownSong {
  readonly name: string;
  /** Name of its file without ending, for saved files. */
  readonly baseName: string;
  readonly store: SongStorage;
  readonly player: Player;
  /** What it is separated with. */
  readonly model: OpenSong['model'];
  /** Undefined: the model has only one, or the separation has not begun. */
  readonly quality: OpenSong['quality'];
  /** To be called when something is painted on it. @param busy It cannot be heard yet. */
  readonly painted: (busy: boolean) => void;
}

/**
 * A song with its present name and quality. A class: of an object literal with getters, V8 keeps the getters of the one
 * before in the shape that both share, and with them all of its samples.
 */
class PresentSong implements ShownSong {
  readonly baseName: string;
  readonly store: SongStorage;
  readonly player: Player;
  readonly model: OpenSong['model'];
  readonly painted: (busy: boolean) => void;
  readonly #now: () => OpenSong;

  constructor(now: () => OpenSong, facts: Omit<ShownSong, 'name' | 'quality'>) {
    this.baseName = facts.baseName;
    this.store = facts.store;
    this.player = facts.player;
    this.model = facts.model;
    this.painted = facts.painted;
    this.#now = now;
  }

  get name(): string {
    return this.#now().song.name;
  }

  get quality(): OpenSong['quality'] {
    return this.#now().quality;
  }
}

/** What the view of a result works with. */
export interface ResultViewOptions {
  readonly songs: SongController;
  readonly notices: Notices;
  readonly player: Player;
  readonly layout: SpectrogramLayout;
  readonly place: SongPlace | undefined;
  readonly onMode: () => void;
  readonly onMix: () => void;
}

/**
 * A result of the open song with its view. It is the one that is seen, or it stands by: laid out and painted at the same
 * place, but not to be seen or reached, so that both can change places at once.
 */
export class ResultView {
  readonly store: SongStorage;
  readonly view: SongView;
  readonly song: ShownSong;
  readonly #scope: Scope;
  readonly #songs: SongController;
  readonly #notices: Notices;
  readonly #head: SongHead;
  readonly #trackMenu: TrackMenu;

  constructor(scope: Scope, i18n: I18n, open: OpenSong, options: ResultViewOptions) {
    const { songs, notices, player } = options;
    const { storage: store, model, song } = open;
    const { id, fileName, track } = song;
    this.#scope = scope;
    this.#songs = songs;
    this.#notices = notices;
    this.store = store;
    scope.add(songs.use(store));
    scope.add(store.on('crash', (error) => notices.thrown(error)));
    const now = () => (songs.state.open?.storage === store ? songs.state.open : undefined);
    this.#trackMenu = new TrackMenu(scope, i18n, songs, store);
    this.#head = new SongHead(scope, i18n, store, this.#trackMenu.element);
    this.#head.show(song);
    this.view = new SongView(scope, i18n, {
      ...options,
      use: (storage) => songs.use(storage),
      baseName: baseName(fileName),
      store,
      track,
      head: this.#head,
      // What was pending lies elsewhere once the song is kept.
      file: () => fileOf(now()?.song ?? song)?.blob,
    });
    this.song = new PresentSong(() => now() ?? open, {
      baseName: baseName(fileName),
      store,
      player,
      model,
      painted: (busy) => songs.painted(id, store, busy),
    });
    this.view.separating(open.working);
  }

  /** Takes how the song stands: its name, and whether it is being separated. */
  update({ song, working }: OpenSong): void {
    this.#head.show(song);
    this.view.separating(working);
  }

  /** Shows it, or lets it stand by. */
  set active(on: boolean) {
    const { element } = this.view;
    element.inert = !on;
    element.classList.toggle('stands-by', !on);
    if (!on) for (const open of element.querySelectorAll<HTMLElement>(':popover-open')) open.hidePopover();
    // An id belongs to one element of the page, and a label to the element of that id.
    for (const name of ['id', 'for']) {
      if (on) rename(element, `data-${name}`, name);
      else rename(element, name, `data-${name}`);
    }
    this.view.active = on;
  }

  /** Ends it. */
  dispose(): void {
    this.#scope.dispose();
  }

  /** The name of what has the keyboard in it: an id, or '' for something without one; undefined: it has not. */
  get focused(): string | undefined {
    const { activeElement } = document;
    if (this.#trackMenu.hasFocus) return 'audio-track';
    return this.view.element.contains(activeElement) ? (activeElement?.id ?? '') : undefined;
  }

  /** Gives the keyboard to the element of that name, or to the play button. */
  focus(name: string): void {
    const { element } = this.view;
    const named = name === '' ? undefined : element.querySelector<HTMLElement>(`#${CSS.escape(name)}`);
    (named ?? element.querySelector<HTMLElement>('#play'))?.focus({ preventScroll: true });
  }

  /** Shows what is separated already; a whole song can be saved then. Never rejects. */
  async fill(): Promise<void> {
    try {
      for await (const chunk of replay(this.store)) {
        if (this.#scope.disposed) return;
        this.view.add(chunk);
        await nextTask();
      }
    } catch (error) {
      if (!this.#scope.disposed) this.#notices.thrown(error);
    }
    const { open } = this.#songs.state;
    if (!this.#scope.disposed) this.view.separating(open?.storage === this.store && open.working);
  }

  /** Resolves when it is painted, or takes long. */
  async painted(): Promise<void> {
    // A page in the background draws no frames.
    for (let n = 0; n < MAX_FRAMES && !this.view.timeline.painted && !document.hidden && !this.#scope.disposed; n++) {
      await new Promise<void>((resolve) => this.#scope.frame(() => resolve()));
    }
  }
}

function rename(within: HTMLElement, from: string, to: string): void {
  for (const element of within.querySelectorAll(`[${from}]`)) {
    element.setAttribute(to, element.getAttribute(from) ?? '');
    element.removeAttribute(from);
  }
}
