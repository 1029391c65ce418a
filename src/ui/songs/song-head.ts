import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setAttributes, setText } from '../shell/dom.ts';

/** Cover and name of a song, what its file is, and the choice of its audio track. */
export class SongHead {
  readonly element: HTMLElement;
  /** The line under the name, for more about the song. */
  readonly line: HTMLElement;
  readonly #title = h('h1');
  readonly #cover = h('img', { class: 'song-cover', alt: '', hidden: true });

  /** @param store of the song that is shown */
  constructor(
    scope: Scope,
    i18n: I18n,
    { sampleRate, channels, samples }: Pick<SongStorage, 'sampleRate' | 'channels' | 'samples'>,
    trackMenu: HTMLElement,
  ) {
    const facts = h('p', { class: 'song-facts' });
    i18n.bind(scope, () => {
      setText(
        facts,
        i18n.t('song.facts', {
          duration: clock(samples / sampleRate),
          rate: Number((sampleRate / 1000).toFixed(2)),
          channels: i18n.t(channels > 1 ? 'song.stereo' : 'song.mono'),
        }),
      );
    });
    this.line = h('div', { class: 'song-line' }, facts, trackMenu);
    this.element = h('div', { class: 'song-head' }, this.#cover, this.#title, this.line);
  }

  /** Shows what the song is called. @param cover a data URL; undefined: it has none */
  show({ name, cover }: { readonly name: string; readonly cover: string | undefined }): void {
    setText(this.#title, name);
    setAttributes(this.#title, { title: name });
    this.#cover.hidden = cover === undefined;
    setAttributes(this.#cover, { src: cover });
  }
}
