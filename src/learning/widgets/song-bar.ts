import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAttributes, setText } from '../../ui/shell/dom.ts';
import type { LearningSong } from '../context.ts';
import type { LearningTexts } from '../texts.ts';

/** The song's name, a way to play and pause it, and a way to take another. */
export function songBar(
  scope: Scope,
  i18n: I18n,
  texts: LearningTexts,
  { song, choose }: { readonly song: LearningSong | undefined; readonly choose: () => void },
): HTMLElement {
  const name = h('span', { class: 'learn-song-name' });
  const time = h('span', { class: 'learn-song-time' });
  const play = h('button', { type: 'button', class: 'icon-button', id: 'learn-play' });
  const other = h('button', { type: 'button', class: 'button small', id: 'learn-choose' }, icon('open'), h('span'));
  const back = h('a', { class: 'button small', href: '#/', id: 'learn-back' });
  const element = h('div', { class: 'learn-song', role: 'group' }, play, h('p', {}, name, time), other, back);
  play.hidden = !song;
  scope.listen(other, 'click', choose);

  let shownPlaying: boolean | undefined;
  let asked = false;
  const show = () => {
    if (!song) return;
    const { player } = song;
    setText(time, `${clock(player.position)} / ${clock(player.duration)}`);
    const label = i18n.t(player.playing ? 'player.pause' : 'player.play');
    setAttributes(play, { 'aria-label': label, title: label });
    if (shownPlaying !== player.playing) {
      shownPlaying = player.playing;
      play.replaceChildren(icon(player.playing ? 'pause' : 'play'));
    }
  };
  const wake = () => {
    if (asked || scope.disposed) return;
    asked = true;
    scope.frame(() => {
      asked = false;
      show();
      if (song?.player.playing) wake();
    });
  };
  if (song) {
    const { player } = song;
    scope.listen(play, 'click', () => (player.playing ? player.pause() : void player.play()));
    scope.add(player.on('state', wake));
    scope.add(player.on('seek', wake));
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
