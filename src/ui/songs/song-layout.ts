import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SavePanel } from '../player/save-panel.ts';
import type { StemSwitch } from '../player/stem-switch.ts';
import type { Transport } from '../player/transport.ts';
import { h } from '../shell/dom.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** The parts of a song's view. */
export interface SongParts {
  readonly head: HTMLElement;
  readonly transport: Transport;
  readonly stemSwitch: StemSwitch;
  readonly save: SavePanel;
  readonly video: HTMLElement;
  readonly practice: HTMLElement;
  readonly timeline: Timeline;
}

/** Lays out a song: its head, the player that stays in view, and the timeline with the practice tools. */
export function songLayout(
  scope: Scope,
  i18n: I18n,
  { head, transport, stemSwitch, save, video, practice, timeline }: SongParts,
): HTMLElement {
  const dock = h(
    'div',
    { class: 'dock', role: 'group' },
    transport.play,
    transport.clock,
    stemSwitch.switchElement,
    transport.volumeElement,
    save.button,
    save.element,
    transport.seek,
    stemSwitch.status,
    transport.waiting,
    video,
  );
  timeline.underLanes.append(practice);
  const element = h('section', { class: 'song' }, head, dock, timeline.element);
  i18n.bind(scope, () => {
    element.setAttribute('aria-label', i18n.t('song.region'));
    dock.setAttribute('aria-label', i18n.t('player.region'));
  });
  return element;
}
