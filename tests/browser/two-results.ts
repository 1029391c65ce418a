import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { button, chineseText, model, modelsButton, named, PATIENCE_MS, separated, text } from './app.ts';

/** The beginning of the button that separates again, whose name goes on with the model's. */
const AGAIN = new RegExp([text, chineseText].map((t) => t('models.again', { title: '|' }).split('|')[0]).join('|'));

/** The switch between the results of a song. */
export const results = (page: Page): Locator => named(page, 'radiogroup', 'results.switch');

/** One of the results, or the difference. */
export const result = (page: Page, name: string): Locator => results(page).getByRole('radio', { name });

/**
 * Waits until a result is the one that is seen and heard. The progress says that it is separated a little earlier: it is
 * painted before it takes the other one's place.
 */
export const shows = (page: Page, name: string): Promise<void> =>
  expect.poll(() => result(page, name).isChecked(), { timeout: PATIENCE_MS }).toBe(true);

/** Separates the open song, which the paper's model made, again with Spleeter at its fast quality. */
export async function separateAgain(page: Page): Promise<void> {
  await modelsButton(page).click();
  await model(page, 'built-in/spleeter').check();
  await named(page, 'radio', 'quality.fast').check({ force: true });
  await page.getByRole('button', { name: AGAIN }).click();
  await button(page, 'models.close').click();
  await results(page).waitFor({ timeout: PATIENCE_MS });
  await shows(page, 'Spleeter');
  await separated(page);
}
