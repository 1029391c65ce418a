import type { Scope } from '../../core/scope.ts';
import { h, icon, setAttributes } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import type { LearningKey } from '../texts.ts';
import type { ClipPlayer } from './clip-player.ts';
import { type Choice, choice } from './fields.ts';

/** What can be heard: names of clips with their texts. */
export interface ListenOptions<Name extends string> {
  readonly id: string;
  readonly label: LearningKey;
  readonly clips: readonly Name[];
  readonly text: (name: Name) => LearningKey;
  readonly player: ClipPlayer;
  /** Receives the moment that is heard, seconds from the clip's beginning, at each picture of the screen. */
  readonly onPosition?: (seconds: number | undefined) => void;
}

/** Play, and a switch of what is heard. */
export function listenBar<Name extends string>(
  scope: Scope,
  { texts, i18n, song, notices }: LearningContext,
  { id, label, clips, text, player, onPosition }: ListenOptions<Name>,
): { readonly element: HTMLElement; readonly choice: Choice<Name> } {
  const play = h('button', { type: 'button', class: 'icon-button', id: `${id}-play` }, icon('play'));
  const which = choice(scope, texts, {
    name: id,
    label,
    values: clips,
    text,
    value: clips[0],
    onChoose: (name) => player.choose(name),
  });
  player.choose(clips[0]);
  let shown = false;
  const show = () => {
    for (const name of clips) which.enable(name, player.clip(name) !== undefined);
    play.disabled = player.clip(player.chosen) === undefined;
    const say = i18n.t(player.playing ? 'player.pause' : 'player.play');
    setAttributes(play, { 'aria-label': say, title: say });
    if (shown !== player.playing) play.replaceChildren(icon(player.playing ? 'pause' : 'play'));
    shown = player.playing;
    if (player.playing) follow();
  };
  let following = false;
  const follow = () => {
    if (following || !onPosition) return;
    following = true;
    scope.frame(() => {
      following = false;
      onPosition(player.playing ? player.position : undefined);
      if (player.playing) follow();
    });
  };
  scope.listen(play, 'click', () => {
    if (player.playing) player.pause();
    else player.play().catch((error: unknown) => notices.thrown(error));
  });
  // One sound at a time: the song's own player silences the clips, and they it.
  scope.add(
    song.player.on('state', () => {
      if (song.player.playing) player.pause();
    }),
  );
  scope.add(player.on('state', show));
  texts.bind(scope, show);
  return { element: h('div', { class: 'learn-listen' }, play, which.element), choice: which };
}
