import { clock } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAttributes, setText } from '../../ui/shell/dom.ts';
import type { LearningSong } from '../context.ts';
import type { LearningTexts } from '../texts.ts';
import { playButton } from './play-button.ts';

export interface SongBarOptions {
  readonly song: LearningSong | undefined;
  /** Lets the person choose another song. */
  readonly choose: () => void;
}

/** The song's name, a play button, a way to choose another song, and a link back to the song's view. */
export function songBar(scope: Scope, i18n: I18n, texts: LearningTexts, { song, choose }: SongBarOptions): HTMLElement {
  const name = h('span', { class: 'learn-song-name' });
  const time = h('span', { class: 'learn-song-time' });
  const play = playButton(i18n, 'learn-play');
  const other = h('button', { type: 'button', class: 'button small', id: 'learn-choose' }, icon('open'), h('span'));
  const back = h('a', { class: 'button small', href: '#/', id: 'learn-back' });
  const element = h('div', { class: 'learn-song', role: 'group' }, play.element, h('p', {}, name, time), other, back);
  play.element.hidden = !song;
  scope.listen(other, 'click', choose);

  const show = () => {
    if (!song) return;
    const { player } = song;
    setText(time, `${clock(player.position)} / ${clock(player.duration)}`);
    play.show(player.playing);
  };
  const showSoon = oncePerFrame(scope, () => {
    show();
    if (song?.player.playing) showSoon();
  });
  if (song) {
    const { player } = song;
    scope.listen(play.element, 'click', () => (player.playing ? player.pause() : void player.play()));
    scope.add(player.on('state', showSoon));
    scope.add(player.on('seek', showSoon));
  }
  texts.bind(scope, () => {
    setText(name, song ? texts.t('learn.song', { name: song.name }) : '');
    setAttributes(element, { 'aria-label': texts.t('learn.songBar') });
    setText(back, texts.t('learn.back'));
    setText(other.lastElementChild as HTMLElement, texts.t('learn.choose'));
    show();
  });
  return element;
}
