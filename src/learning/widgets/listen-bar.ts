import { oncePerFrame, type Scope } from '../../core/scope.ts';
import { h } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import type { LearningKey } from '../texts.ts';
import { choice } from './choice.ts';
import type { ClipPlayer } from './clip-player.ts';
import { playButton } from './play-button.ts';

/** The clips to choose from, with their texts. */
export interface ListenOptions<Name extends string> {
  readonly id: string;
  readonly clips: readonly Name[];
  readonly text: (name: Name) => LearningKey;
  readonly player: ClipPlayer;
  /** Called for each picture of the screen with the position, seconds from the clip's beginning; undefined: paused. */
  readonly onPosition?: (seconds: number | undefined) => void;
}

/** A play button, and a switch between clips. */
export function listenBar<Name extends string>(
  scope: Scope,
  { texts, i18n, song, notices }: LearningContext,
  { id, clips, text, player, onPosition }: ListenOptions<Name>,
): HTMLElement {
  const play = playButton(i18n, `${id}-play`);
  const which = choice(scope, texts, {
    name: id,
    label: 'learn.listen',
    values: clips,
    text,
    value: clips[0],
    onChoose: (name) => player.choose(name),
  });
  player.choose(clips[0]);
  const show = () => {
    for (const name of clips) which.enable(name, player.has(name));
    play.element.disabled = !player.has(player.chosen);
    play.show(player.playing);
    if (player.playing) follow();
  };
  const follow = oncePerFrame(scope, () => {
    onPosition?.(player.playing ? player.position : undefined);
    if (player.playing) follow();
  });
  scope.listen(play.element, 'click', () => {
    if (player.playing) player.pause();
    else player.play().catch((error: unknown) => notices.thrown(error));
  });
  // One sound at a time: the song pauses the clips, as the clips pause the song.
  scope.add(
    song.player.on('state', () => {
      if (song.player.playing) player.pause();
    }),
  );
  scope.add(player.on('state', show));
  texts.bind(scope, show);
  return h('div', { class: 'learn-listen' }, play.element, which.element);
}
