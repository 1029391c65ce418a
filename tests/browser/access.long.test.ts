import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { SECTIONS } from '../../src/learning/sections.ts';
import {
  button,
  choose,
  engine,
  errorNotice,
  mix,
  modelChoice,
  modelsButton,
  named,
  PATIENCE_MS,
  painted,
  passes,
  play,
  press,
  progress,
  said,
  saveButton,
  saveMenu,
  separated,
} from './app.ts';
import { type BuiltPageOptions, visitPage } from './built-page.ts';
import { unfold } from './song-list.ts';
import { openTone, toneFile } from './tone-song.ts';
import { results, separateAgain } from './two-results.ts';

/** WCAG 2.2 AA, and what it builds on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let axeSource: string;

beforeAll(async () => {
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** @param more follows the address: a model, a section */
async function open(context: BuiltPageOptions['context'], more = '&model=paper'): Promise<Page> {
  // What is just fading in has less contrast than it will have: without motion nothing fades.
  // axe itself breaches the page’s Content-Security-Policy.
  const still = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', bypassCSP: true } as const;
  return (await visitPage({ path: `?backend=wasm${more}`, context: { ...still, ...context } })).page;
}

/** Opens everything on the page that can be folded out. */
const openDetails = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('main details')) details.open = true;
  });

/**
 * What axe finds fault with, as one line each.
 * @param within a selector: looks at this alone, not at what it covers
 */
async function violations(page: Page, within?: string): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    ([tags, selector]) =>
      (window as unknown as { axe: typeof axe }).axe.run(selector ?? document, {
        runOnly: { type: 'tag', values: tags },
        rules: { 'target-size': { enabled: true } },
      }),
    [RULES, within] as const,
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

/** Texts of choices in a row that reach out of their part of it, or into the next one. */
const crowded = (page: Page) =>
  page.locator('.learn-choices label').evaluateAll((labels) =>
    labels
      .filter((label) => {
        const text = label.querySelector('span')?.getBoundingClientRect();
        const box = label.getBoundingClientRect();
        if (!text || box.width === 0) return false;
        return text.left < box.left - 1 || text.right > box.right + 1 || text.bottom > box.bottom + 1;
      })
      .map((label) => label.textContent),
  );

/** Expects that nothing overflows the window; spectrograms follow a resize one frame later. */
const fits = (page: Page, where = '') => expect.poll(async () => [where, await overflow(page)]).toEqual([where, 0]);

const LOOKS = [
  ['light', 'en-US'],
  ['dark', 'zh-CN'],
] as const;

describe.each(LOOKS)('in %s, %s, axe finds nothing against WCAG 2.2 AA', (colorScheme, locale) => {
  test('at the start, with the engine’s facts, the models, the keys', async () => {
    const page = await open({ colorScheme, locale });
    await button(page, 'start.demo').waitFor();
    expect(await violations(page)).toEqual([]);
    await engine(page);
    await said(page, 'engine.title').click();
    expect(await violations(page)).toEqual([]);
    await modelsButton(page).click();
    await modelChoice(page).getByRole('radio').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await press(page, 'Escape');
    await modelChoice(page).waitFor({ state: 'hidden' });
    await button(page, 'keys.open').click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('with a model of two qualities, and with the licences', async () => {
    const page = await open({ colorScheme, locale }, '');
    const quality = named(page, 'radiogroup', 'quality.label');
    await quality.getByRole('radio', { checked: true }).waitFor({ timeout: PATIENCE_MS });
    await said(page, 'licences.title').click();
    await page.getByText('Copyright (c)').first().waitFor();
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
    // Long enough to be under way until axe has finished.
    await choose(page, await toneFile(500, 8000));
    const separating = progress(page).and(page.locator('[data-kind="separating"]'));
    await separating.waitFor({ timeout: PATIENCE_MS });
    await openDetails(page);
    expect(await violations(page)).toEqual([]);
    expect(await separating.isVisible()).toBe(true);
  });

  test('with two results of a song, and their difference', async () => {
    const page = await open({ colorScheme, locale });
    await openTone(page);
    await separateAgain(page);
    expect(await violations(page)).toEqual([]);
    await named(results(page), 'radio', 'results.difference').check({ force: true });
    await expect.poll(() => mix(page, 'original').isChecked()).toBe(false);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      await fits(page, `${width}`);
      expect(await violations(page)).toEqual([]);
    }
  });

  test('with a song, on a wide and on a narrow screen, and with an error', async () => {
    const page = await open({ colorScheme, locale });
    await openTone(page);
    await openDetails(page);
    // A region lies on spectrograms that are there.
    await painted(page, 'mask');
    // By the keyboard, a region is offered at once.
    await button(page, 'region.select').press('Enter');
    await named(page, 'region', 'region.title').waitFor();
    for (const [menu, panel] of [
      [saveMenu(page), '#save-panel'],
      [button(page, 'appearance.title'), '#appearance'],
    ] as const) {
      await menu.click();
      expect(await violations(page, panel)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    // What lies under the sticky dock just now is no small target.
    await page.evaluate(() => scrollTo(0, 0));
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page)).toEqual([]);
    const broken = { name: 'words.wav', mimeType: 'audio/wav', buffer: Buffer.from('These are words.') };
    await choose(page, broken);
    await errorNotice(page).waitFor();
    // A song that is done and one that failed: both can be chosen now, in a list that lies over the narrow page.
    await unfold(page);
    await button(page, 'songs.more', { name: 'A tone' }).click();
    await page.getByRole('menu').waitFor();
    expect(await violations(page, '[role="menu"]:popover-open')).toEqual([]);
    await named(page, 'menuitemcheckbox', 'songs.choose').click();
    expect(await violations(page)).toEqual([]);
    await fits(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await violations(page)).toEqual([]);
  });
});

describe('on the learning page', () => {
  test.each(LOOKS)('in %s, %s, axe finds nothing against WCAG 2.2 AA in any section', async (colorScheme, locale) => {
    const page = await open({ colorScheme, locale }, '&model=paper#/learn/sound');
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
      expect([id, await crowded(page)]).toEqual([id, []]);
    }
  });
});

describe('on narrow screens', () => {
  test.each([360, 320])('nothing overflows a window of %s pixels', async (width) => {
    for (const locale of ['en-US', 'zh-CN']) {
      const page = await open({ locale, viewport: { width, height: 740 }, hasTouch: true });
      await fits(page);
      await openTone(page);
      await openDetails(page);
      await fits(page);
      await page.context().close();
    }
  });

  test('nothing overflows with text of twice the size', async () => {
    const page = await open({ locale: 'en-US', viewport: { width: 720, height: 900 } });
    await openTone(page);
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await fits(page);
  });
});

describe('by keyboard alone', () => {
  test('a song is opened, played as stems, looped and saved', async () => {
    const page = await open({ locale: 'en-US' });
    await button(page, 'start.demo').waitFor();
    /** Presses Tab until the element has the focus, which must be seen. */
    const tabTo = async (target: Locator) => {
      for (let n = 0; n < 150; n++) {
        await page.keyboard.press('Tab');
        if (await target.evaluate((element) => element === document.activeElement)) {
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
          await expect.poll(seen).toEqual({ inside: true, marked: true });
          return;
        }
      }
      throw new Error(`Tab never reached ${target}.`);
    };
    await page.keyboard.press('Tab');
    const skip = named(page, 'link', 'page.skip');
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    await tabTo(button(page, 'start.demo'));
    await page.keyboard.press('Enter');
    await separated(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await tabTo(play(page));
    await page.keyboard.press('Space');
    await passes(page, 0.3);
    await page.keyboard.press('3');
    await expect.poll(() => mix(page, 'accompaniment').isChecked()).toBe(true);
    await page.keyboard.press('Space');
    await page.keyboard.press('[');
    await page.keyboard.press('End');
    await page.keyboard.press(']');
    await named(page, 'slider', 'practice.loopEnd').waitFor();
    await tabTo(saveMenu(page));
    await page.keyboard.press('Enter');
    await tabTo(saveButton(page, 'vocals'));
    const saving = page.waitForEvent('download', { timeout: PATIENCE_MS });
    await page.keyboard.press('Enter');
    expect((await saving).suggestedFilename()).toMatch(/Vocals/);
  });
});

describe('preferences of the system', () => {
  test('less motion: nothing moves by itself', async () => {
    const page = await open({ locale: 'en-US', reducedMotion: 'reduce' });
    await button(page, 'start.demo').waitFor();
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

  test('forced colours: chosen, playing and focused elements can still be distinguished', async () => {
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
