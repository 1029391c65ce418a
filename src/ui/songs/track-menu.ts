import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongController } from '../../songs/song-controller.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setText } from '../shell/dom.ts';
import { trackText } from './track-text.ts';

/** What the menu needs of the songs. */
export type TrackChoice = Pick<SongController, 'state' | 'on' | 'chooseTrack'>;

/** Chooses the audio track of the open song. Hidden where its file has one. */
export class TrackMenu {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #songs: TrackChoice;
  readonly #store: SongStorage;
  readonly #label = h('span');
  readonly #select = h('select', { class: 'quiet', id: 'audio-track' });
  #texts: readonly string[] = [];

  /** @param store of the song that is shown */
  constructor(scope: Scope, i18n: I18n, songs: TrackChoice, store: SongStorage) {
    this.#i18n = i18n;
    this.#songs = songs;
    this.#store = store;
    this.element = h('label', { class: 'song-track', hidden: true }, this.#label, this.#select);
    scope.listen(this.#select, 'change', () => void songs.chooseTrack(Number(this.#select.value)));
    scope.add(songs.on('change', () => this.#draw()));
    i18n.bind(scope, () => this.#draw());
  }

  /** Whether the keyboard is on it. */
  get hasFocus(): boolean {
    return document.activeElement === this.#select;
  }

  focus(): void {
    this.#select.focus({ preventScroll: true });
  }

  #draw(): void {
    const { open } = this.#songs.state;
    // Another song takes the place of this one.
    if (open?.storage !== this.#store) return;
    const { tracks, track } = open;
    this.element.hidden = tracks.length === 0;
    setText(this.#label, this.#i18n.t('track.label'));
    const texts = tracks.map((offered) => trackText(offered, this.#i18n));
    // New options would close an open menu.
    if (texts.join('\n') !== this.#texts.join('\n')) {
      this.#texts = texts;
      this.#select.replaceChildren(...tracks.map(({ index }, n) => h('option', { value: index }, texts[n])));
    }
    if (track !== undefined) this.#select.value = String(track);
  }
}
