import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setText } from '../shell/dom.ts';

/** The name of a song and what its file is, the choice of its audio track, and a hint on its separation. */
export function songHead(
  scope: Scope,
  i18n: I18n,
  {
    name,
    store,
    trackMenu,
    hint,
  }: {
    readonly name: string;
    readonly store: Pick<SongStorage, 'sampleRate' | 'channels' | 'samples'>;
    readonly trackMenu: HTMLElement;
    readonly hint: HTMLElement;
  },
): HTMLElement {
  const facts = h('p', { class: 'song-facts' });
  i18n.bind(scope, () => {
    const { sampleRate, channels, samples } = store;
    setText(
      facts,
      i18n.t('song.facts', {
        duration: clock(samples / sampleRate),
        rate: Number((sampleRate / 1000).toFixed(2)),
        channels: i18n.t(channels > 1 ? 'song.stereo' : 'song.mono'),
      }),
    );
  });
  return h(
    'div',
    { class: 'song-head' },
    h('h1', { title: name }, name),
    h('div', { class: 'song-line' }, facts, trackMenu, hint),
  );
}
