import { LANGUAGES } from './i18n.ts';

/** Whether a file is called as the demo song is, in any language of the page. */
export function isDemoName(fileName: string): boolean {
  return Object.values(LANGUAGES).some(({ page }) => page['start.demoName'] === fileName);
}
