import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { h, setAttributes, setText } from '../ui/shell/dom.ts';
import { learnHref, parseRoute } from '../ui/shell/route.ts';
import type { LearningRoom, LearningRoomOptions } from './learning-room.ts';

/**
 * The way to the learning room and back: a link for the top bar, and the second view itself, which is loaded when
 * somebody first goes there. The song's view is only hidden meanwhile: the song stays open and plays on.
 */
export interface LearningRoute {
  readonly link: HTMLAnchorElement;
  /** To be called when another song is open, or none. */
  songChanged(): void;
  /** Takes the colours from the style sheet again. */
  recolour(): void;
}

/** @param main Holds both views; `data-view` on it says which one is shown (styles/footer.css). */
export function learningRoute(
  scope: Scope,
  i18n: I18n,
  main: HTMLElement,
  options: LearningRoomOptions,
): LearningRoute {
  const link = h('a', { class: 'button small learn-link', href: learnHref() });
  let room: LearningRoom | undefined;
  let loading: Promise<LearningRoom> | undefined;
  let songScroll = 0;

  const speak = () => {
    const inside = main.dataset.view === 'learn';
    setText(link, i18n.t('learn.link'));
    setAttributes(link, { 'aria-current': inside && 'page' });
    document.title = i18n.t(inside ? 'learn.pageTitle' : 'page.title');
  };

  const load = async (): Promise<LearningRoom> => {
    const { LearningRoom } = await import('./learning-room.ts');
    const made = new LearningRoom(scope, i18n, options);
    main.append(made.element);
    return made;
  };

  const go = async (first: boolean): Promise<void> => {
    const route = parseRoute(location.hash);
    const before = main.dataset.view;
    if (route.view === 'learn' && before !== 'learn') songScroll = scrollY;
    main.dataset.view = route.view;
    speak();
    if (route.view === 'song') {
      room?.leave();
      if (before === 'learn') scrollTo(0, songScroll);
      return;
    }
    try {
      loading ??= load();
      room = await loading;
    } catch (error) {
      // A broken connection may be back at the next try.
      loading = undefined;
      options.notices.thrown(error);
      return;
    }
    const now = parseRoute(location.hash);
    if (now.view === 'learn') await room.enter(now.section, !first);
  };

  scope.listen(window, 'hashchange', () => void go(false));
  i18n.bind(scope, speak);
  void go(true);
  return { link, songChanged: () => room?.songChanged(), recolour: () => room?.recolour() };
}
