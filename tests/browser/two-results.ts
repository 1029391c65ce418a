import type { Locator, Page } from 'playwright-core';
import { button, chineseText, model, modelsButton, named, PATIENCE_MS, separated, text } from './app.ts';

/** The beginning of the button that separates again, whose name goes on with the model's. */
const AGAIN = new RegExp([text, chineseText].map((t) => t('models.again', { title: '|' }).split('|')[0]).join('|'));

/** The switch between the results of a song. */
export const results = (page: Page): Locator => named(page, 'radiogroup', 'results.switch');

/** One of the results, or the difference. */
export const result = (page: Page, name: string): Locator => results(page).getByRole('radio', { name });

/** Separates the open song, which the paper's model made, again with Spleeter at its fast quality. */
export async function separateAgain(page: Page): Promise<void> {
  await modelsButton(page).click();
  await model(page, 'built-in/spleeter').check();
  await named(page, 'radio', 'quality.fast').check({ force: true });
  await page.getByRole('button', { name: AGAIN }).click();
  await button(page, 'models.close').click();
  await named(results(page), 'radio', 'results.difference').waitFor({ state: 'attached', timeout: PATIENCE_MS });
  await separated(page);
}
