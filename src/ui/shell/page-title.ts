import type { Values } from '../../core/fill-in.ts';
import type { MessageKey } from '../../i18n/language.ts';
import type { Progress } from '../../songs/progress.ts';

/** What the window’s title is made of. */
export interface TitleFacts {
  /** The learning view is shown. */
  readonly learning: boolean;
  /** Name of the open song. */
  readonly song: string | undefined;
  readonly progress: Progress | undefined;
}

/** The window’s title: how far the separation is, the song’s name, the page’s. Read in a tab, its beginning counts. */
export function pageTitle(
  { learning, song, progress }: TitleFacts,
  t: (key: MessageKey, values?: Values) => string,
): string {
  const page = learning ? t('learn.pageTitle') : song === undefined ? t('page.title') : `${song} · Unsung`;
  if (progress?.kind === 'done') return `✓ ${page}`;
  if (progress?.kind !== 'separating' || progress.totalSeconds <= 0) return page;
  const percent = Math.floor((100 * progress.doneSeconds) / progress.totalSeconds);
  return `${t('title.percent', { percent })} · ${page}`;
}
