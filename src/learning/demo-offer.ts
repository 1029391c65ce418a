import type { Scope } from '../core/scope.ts';
import { h, setText } from '../ui/shell/dom.ts';
import type { LearningTexts } from './texts.ts';

export interface DemoOfferOptions {
  /** Whether a song is being opened or separated. */
  readonly busy: () => boolean;
  /** Opens the demo song; ends with its first separated part, or when it failed. */
  readonly demo: () => Promise<void>;
  /** The open song lies on disk, so no section can show it. */
  readonly onDisk: boolean;
}

/** What takes the place of a section that has no song to show. */
export interface Offer {
  readonly elements: readonly HTMLElement[];
  /** To be called when `busy` may have changed. */
  refresh(): void;
}

/** Opens the demo song at once where no song is open; where one is, offers it with a button. */
export function demoOffer(scope: Scope, texts: LearningTexts, { busy, demo, onDisk }: DemoOfferOptions): Offer {
  const status = h('p', { role: 'status' });
  const button = h('button', { type: 'button', class: 'button primary' });
  let asked = false;
  const refresh = () => {
    const opening = asked || (busy() && !onDisk);
    button.hidden = opening;
    setText(status, texts.t(opening ? 'learn.opening' : onDisk ? 'learn.onDisk' : 'learn.noSong'));
    setText(button, texts.t('learn.tryDemo'));
  };
  const open = async () => {
    asked = true;
    refresh();
    await demo();
    asked = false;
    if (!scope.disposed) refresh();
  };
  texts.bind(scope, refresh);
  scope.listen(button, 'click', () => void open());
  if (!busy() && !onDisk) void open();
  return { elements: [status, button], refresh };
}
