import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { h, setAttributes, setText } from '../ui/shell/dom.ts';
import { learnHref, parseRoute } from '../ui/shell/route.ts';
import type { LearningPage, LearningPageOptions } from './learning-page.ts';

/**
 * The link to the learning page, and the switch between it and the song's view. The learning page is loaded when somebody
 * first opens it. The song's view is only hidden meanwhile: the song stays open and keeps playing.
 */
export interface LearningRoute {
  readonly link: HTMLAnchorElement;
  /** To be called when another song is open, or none. */
  songChanged(): void;
  /** Draws again with the present colours of the style sheet. */
  recolour(): void;
}

/**
 * @param main holds both views; the style sheet shows the one that its `data-view` names
 * @param onView called when another view is shown
 */
export function learningRoute(
  scope: Scope,
  i18n: I18n,
  main: HTMLElement,
  options: LearningPageOptions,
  onView: (learning: boolean) => void,
): LearningRoute {
  const link = h('a', { class: 'button small learn-link', href: learnHref() });
  let page: LearningPage | undefined;
  let loading: Promise<LearningPage> | undefined;
  let songScroll = 0;

  const showTexts = () => {
    const learning = main.dataset.view === 'learn';
    setText(link, i18n.t('learn.link'));
    setAttributes(link, { 'aria-current': learning && 'page' });
    onView(learning);
  };

  const load = async (): Promise<LearningPage> => {
    const { LearningPage } = await import('./learning-page.ts');
    const loaded = new LearningPage(scope, i18n, options);
    main.append(loaded.element);
    return loaded;
  };

  const go = async (first: boolean): Promise<void> => {
    const route = parseRoute(location.hash);
    const before = main.dataset.view;
    if (route.view === 'learn' && before !== 'learn') songScroll = scrollY;
    main.dataset.view = route.view;
    showTexts();
    if (route.view === 'song') {
      page?.leave();
      if (before === 'learn') scrollTo(0, songScroll);
      return;
    }
    try {
      loading ??= load();
      page = await loading;
    } catch (error) {
      // The connection may work again at the next try.
      loading = undefined;
      options.notices.thrown(error);
      return;
    }
    const now = parseRoute(location.hash);
    if (now.view === 'learn') await page.enter(now.section, !first);
  };

  scope.listen(window, 'hashchange', () => void go(false));
  i18n.bind(scope, showTexts);
  void go(true);
  return { link, songChanged: () => page?.songChanged(), recolour: () => page?.recolour() };
}
