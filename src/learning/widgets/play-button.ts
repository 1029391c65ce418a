import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAttributes } from '../../ui/shell/dom.ts';

/** A button that plays and pauses. */
export interface PlayButton {
  readonly element: HTMLButtonElement;
  /** Shows whether the button plays or pauses, in the current language. */
  show(playing: boolean): void;
}

export function playButton(i18n: I18n, id: string): PlayButton {
  const element = h('button', { type: 'button', class: 'icon-button', id }, icon('play'));
  let shown = false;
  return {
    element,
    show(playing) {
      const label = i18n.t(playing ? 'player.pause' : 'player.play');
      setAttributes(element, { 'aria-label': label, title: label });
      if (shown !== playing) element.replaceChildren(icon(playing ? 'pause' : 'play'));
      shown = playing;
    },
  };
}
