import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SECTIONS } from '../../src/learning/sections.ts';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';
import { openTone, toneFile } from './tone-song.ts';

/** WCAG 2.2 AA, and what it builds on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Separating, and looking at everything, on a machine that is busy needs minutes. */
const PATIENCE_MS = 600_000;
vi.setConfig({ testTimeout: PATIENCE_MS });

let site: PreviewServer;
let browser: Browser;
let axeSource: string;
let address: string;

beforeAll(async () => {
  site = await preview({ logLevel: 'error', build: { outDir: await builtPage() }, preview: { port: 0 } });
  address = site.resolvedUrls?.local[0] ?? '';
  browser = await launchChromium();
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

// Also of a test that failed: what its page still works on would slow the next one down.
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>;

async function open(options: ContextOptions, hash = ''): Promise<Page> {
  // What is just fading in has less contrast than it will have: without motion nothing fades.
  const still = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;
  const context = await browser.newContext({ ...still, ...options });
  // Twice the default: the machine may be busy with separating.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(`${address}?backend=wasm&model=paper${hash}`);
  return page;
}

/** Opens everything on the page that can be folded out. */
const openDetails = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('main details')) details.open = true;
  });

/** What axe finds fault with, as one line each. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules: { 'target-size': { enabled: true } },
      }),
    RULES,
  );
  expect(found.passes.map(({ id }) => id)).toContain('target-size');
  expect(found.passes.length).toBeGreaterThan(5);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any.concat(node.all)[0]?.message ?? ''}`),
  );
}

/** Pixels that reach out of the window on the right. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });

/** Nothing reaches out of the window; pictures follow it one frame later. */
const fits = (page: Page, where = '') => expect.poll(async () => [where, await overflow(page)]).toEqual([where, 0]);

/** Waits for the engine, whose facts are at the foot of the page then. */
const engine = (page: Page) =>
  page.locator('#engine [data-backend]').waitFor({ state: 'attached', timeout: PATIENCE_MS });

const LOOKS = [
  ['light', 'en-US'],
  ['dark', 'zh-CN'],
] as const;

describe.each(LOOKS)('in %s, %s, axe finds nothing against WCAG 2.2 AA', (colorScheme, locale) => {
  test('at the start, with the engine’s facts, the models, the keys', async () => {
    const page = await open({ colorScheme, locale });
    await page.locator('#demo').waitFor();
    expect(await violations(page)).toEqual([]);
    await engine(page);
    await page.locator('#engine summary').click();
    expect(await violations(page)).toEqual([]);
    await page.locator('#models-button').click();
    await page.locator('#models [data-model]').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('body').press('Escape');
    await page.locator('#models').waitFor({ state: 'hidden' });
    await page.locator('#open-keys').click();
    await page.locator('#shortcuts').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('with a model of two qualities, and with the licences', async () => {
    const page = await open({ colorScheme, locale });
    await page.goto(`${address}?backend=wasm`);
    await page.locator('input[name="quality"]:checked').waitFor({ state: 'attached', timeout: PATIENCE_MS });
    await page.locator('#licences summary').click();
    await page.locator('#licences pre').waitFor();
    expect(await violations(page)).toEqual([]);
    for (const width of [1440, 768, 360]) {
      await page.setViewportSize({ width, height: 740 });
      await fits(page, `${width}`);
    }
    expect(await violations(page)).toEqual([]);
  });

  test('while a song is being separated', async () => {
    const page = await open({ colorScheme, locale });
    await engine(page);
    await page.setInputFiles('input[type=file]', await toneFile(600));
    const separating = page.locator('main > .progress[data-kind="separating"]');
    await separating.waitFor({ timeout: PATIENCE_MS });
    await openDetails(page);
    expect(await violations(page)).toEqual([]);
    expect(await separating.isVisible()).toBe(true);
  });

  test('with a song, on a wide and on a narrow screen, and with an error', async () => {
    const page = await open({ colorScheme, locale });
    await openTone(page);
    await openDetails(page);
    // A region lies on pictures that are there.
    await page.locator('[data-spectrogram="mask"][data-complete="true"]').waitFor();
    // By the keyboard, a region is offered at once.
    await page.locator('#select').press('Enter');
    await page.locator('#region-start').waitFor();
    // What lies under the sticky dock just now is no small target.
    await page.evaluate(() => scrollTo(0, 0));
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page)).toEqual([]);
    const broken = { name: 'words.wav', mimeType: 'audio/wav', buffer: Buffer.from('These are words.') };
    await page.setInputFiles('input[type=file]', broken);
    await page.locator('.notice.error').waitFor();
    // A song that is done and one that failed: both can be chosen now, in a list that unfolds with the second one.
    await page.locator('.songs-fold[aria-expanded="true"]').waitFor();
    await page.locator('.song-choose:visible input').first().check();
    expect(await violations(page)).toEqual([]);
    await fits(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await violations(page)).toEqual([]);
  });
});

describe('on the learning page', () => {
  test.each(LOOKS)('in %s, %s, axe finds nothing against WCAG 2.2 AA in any section', async (colorScheme, locale) => {
    const page = await open({ colorScheme, locale }, '#/learn/sound');
    for (const { id } of SECTIONS) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.evaluate((section) => {
        location.hash = `#/learn/${section}`;
      }, id);
      await page.locator(`a[href$="#/learn/${id}"][aria-current="page"]`).waitFor();
      // The section itself, in the place of the words that it is being loaded.
      await page.locator('.learn-section > .learn-body > .learn-body').waitFor({ timeout: PATIENCE_MS });
      expect([id, await violations(page)]).toEqual([id, []]);
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(page, id);
    }
  });
});

describe('on narrow screens', () => {
  test.each([360, 320])('nothing reaches out of a window of %s pixels', async (width) => {
    for (const locale of ['en-US', 'zh-CN']) {
      const page = await open({ locale, viewport: { width, height: 740 }, hasTouch: true });
      await fits(page);
      await openTone(page);
      await openDetails(page);
      await fits(page);
      await page.context().close();
    }
  });

  test('nor with letters of twice the size', async () => {
    const page = await open({ locale: 'en-US', viewport: { width: 720, height: 900 } });
    await openTone(page);
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await fits(page);
  });
});

describe('by keyboard alone', () => {
  test('a song is opened, played, heard in parts, put into a loop and saved', async () => {
    const page = await open({ locale: 'en-US' });
    await page.locator('#demo').waitFor();
    /** Presses Tab until the element has the focus, which must be seen. */
    const tabTo = async (selector: string) => {
      for (let n = 0; n < 150; n++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
          const seen = () =>
            page.evaluate(() => {
              const element = document.activeElement as HTMLElement;
              const box = element.getBoundingClientRect();
              const shown = (of: Element | null) => {
                if (!of) return false;
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
                return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
              };
              return {
                inside: box.bottom > 0 && box.top < window.innerHeight,
                marked: shown(element) || shown(element.closest('label')) || shown(element.nextElementSibling),
              };
            });
          // The page may be under way still, under what has the focus.
          await expect.poll(async () => [selector, await seen()]).toEqual([selector, { inside: true, marked: true }]);
          return;
        }
      }
      throw new Error(`Tab never reached ${selector}.`);
    };
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.classList.contains('skip'))).toBe(true);
    await tabTo('#demo');
    await page.keyboard.press('Enter');
    await page.locator('#save-vocals:enabled').waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await tabTo('#play');
    await page.keyboard.press('Space');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.3);
    await page.keyboard.press('3');
    await page.locator('input[name="mix"][value="accompaniment"]:checked').waitFor({ state: 'attached' });
    await page.keyboard.press('Space');
    await page.keyboard.press('[');
    await page.keyboard.press('End');
    await page.keyboard.press(']');
    await page.locator('.loop-region').waitFor();
    await tabTo('#save-vocals');
    const saving = page.waitForEvent('download', { timeout: PATIENCE_MS });
    await page.keyboard.press('Enter');
    expect((await saving).suggestedFilename()).toMatch(/Vocals/);
  });
});

describe('what a person asks of the system', () => {
  test('less motion: nothing moves by itself', async () => {
    const page = await open({ locale: 'en-US', reducedMotion: 'reduce' });
    await page.locator('#demo').waitFor();
    await openTone(page);
    const running = await page.evaluate(
      () =>
        document.getAnimations().filter(({ playState, effect }) => {
          const { duration } = effect?.getComputedTiming() ?? {};
          return playState === 'running' && typeof duration === 'number' && duration > 10;
        }).length,
    );
    expect(running).toBe(0);
  });

  test('forced colours: what is chosen, played and focused is still told apart', async () => {
    const page = await open({ locale: 'en-US', forcedColors: 'active' });
    await openTone(page);
    const chosen = await page.evaluate(() => {
      const style = (mode: string) => {
        const segment = document.querySelector(`.segment.${mode}`)!;
        const { backgroundColor, borderColor, outlineStyle, color, textDecorationLine } = getComputedStyle(segment);
        return [backgroundColor, borderColor, outlineStyle, color, textDecorationLine].join();
      };
      return [style('original'), style('vocals'), style('accompaniment')];
    });
    expect(chosen[1]).toBe(chosen[2]);
    expect(chosen[0]).not.toBe(chosen[1]);
  });
});
