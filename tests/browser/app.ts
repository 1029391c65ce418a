import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { fillIn, type Values } from '../../src/core/fill-in.ts';
import { type ErrorCode, type MessageValues, messageText } from '../../src/core/message.ts';
import { en } from '../../src/i18n/en/index.ts';
import type { MessageKey } from '../../src/i18n/language.ts';
import { zhCN } from '../../src/i18n/zh-CN/index.ts';
import type { ExportKind } from '../../src/player/export/export-request.ts';

/** Finds what is on the page as a person does: by role, and by its name in one of the page’s languages. */

/** Separating on a machine that is busy needs minutes. */
export const PATIENCE_MS = 300_000;

export type StemName = 'vocals' | 'accompaniment';
export type SpectrogramName = 'mixture' | 'mask' | 'vocals' | 'accompaniment' | 'difference';

/** Gives a text of the page in one language. */
type Translate = (key: MessageKey, values?: Values) => string;

const translate: Readonly<Record<string, Translate>> = Object.fromEntries(
  Object.entries({ en, 'zh-CN': zhCN }).map(([tag, { page }]) => [
    tag,
    (key, values) => fillIn(page[key], values, tag),
  ]),
);

/** An English text of the page. */
export const text: Translate = translate.en;

/** A Chinese text of the page. */
export const chineseText: Translate = translate['zh-CN'];

/** What an error says in English. */
export const errorText = (code: ErrorCode, values: MessageValues): string =>
  messageText({ code, values }, undefined, 'en');

const escaped = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A text as it is in any language of the page, from its beginning to its end. */
export const inAnyLanguage = (say: (t: Translate) => string): RegExp =>
  new RegExp(
    `^(${Object.values(translate)
      .map((t) => escaped(say(t)))
      .join('|')})$`,
  );

/** An English text of the page with any values, but for those that are given. */
export const pattern = (key: MessageKey, values?: Values): RegExp =>
  new RegExp(escaped(text(key, values)).replace(/\\\{\w+\\\}/g, '.*'));

type Role = Parameters<Page['getByRole']>[0];

/** The element of a role that has a text of the page as its name. */
export const named = (of: Page | Locator, role: Role, key: MessageKey, values?: Values): Locator =>
  of.getByRole(role, { name: inAnyLanguage((t) => t(key, values)) });

export const button = (of: Page | Locator, key: MessageKey, values?: Values): Locator =>
  named(of, 'button', key, values);

// Songs

/** Chooses song files, as by the button for that. */
export const choose = (page: Page, ...files: Parameters<Page['setInputFiles']>[1][]) =>
  page
    .locator('input[type=file]')
    .first()
    .setInputFiles(files.flat() as Parameters<Page['setInputFiles']>[1]);

/** The open song's name, or the start's title. */
export const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });

/** Waits until a song of that name is open. */
export const opened = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name }).waitFor({ timeout: PATIENCE_MS });

/** Waits until the open song is separated whole: it can be saved. */
export async function separated(page: Page, timeout = PATIENCE_MS): Promise<void> {
  await expect
    .poll(
      () =>
        saveButton(page, 'vocals')
          .isEnabled()
          .catch(() => false),
      { timeout },
    )
    .toBe(true);
}

/** The panel that says what is being done. */
export const progress = (page: Page): Locator => named(page, 'region', 'progress.region');

// Notices

/** The error that is shown. */
export const errorNotice = (page: Page, about: string | RegExp = ''): Locator =>
  page.getByRole('alert').filter({ hasText: about });

/** An error or a note that is shown. */
export const notice = (page: Page, about: string | RegExp): Locator =>
  page
    .getByRole('alert')
    .or(page.getByRole('status'))
    .filter({ hasText: about, has: button(page, 'notice.close') });

// The player

/** The button that plays, and that pauses while the song plays. */
export const play = (page: Page): Locator => button(page, 'player.play').or(button(page, 'player.pause'));

/** Whether the song plays. */
export const plays = async (page: Page): Promise<boolean> =>
  inAnyLanguage((t) => t('player.pause')).test((await play(page).getAttribute('aria-label')) ?? '');

/** The slider of the position. */
export const position = (page: Page): Locator => named(page, 'slider', 'player.position');

/** Seconds into the song. */
export const positionNow = (page: Page): Promise<number> =>
  position(page).evaluate((input: HTMLInputElement) => input.valueAsNumber);

/** Waits until the song is later than that. */
export async function passes(page: Page, seconds: number, timeout?: number): Promise<void> {
  const slider = await position(page).elementHandle();
  await page.waitForFunction(
    ([input, to]) => (input as HTMLInputElement).valueAsNumber > to,
    [slider, seconds] as const,
    {
      timeout,
    },
  );
}

/** Waits until the song is there. */
export async function standsAt(page: Page, seconds: number, tolerance = 0.06): Promise<void> {
  const slider = await position(page).elementHandle();
  await page.waitForFunction(([input, to, off]) => Math.abs((input as HTMLInputElement).valueAsNumber - to) < off, [
    slider,
    seconds,
    tolerance,
  ] as const);
}

/** Drags the slider of the position there. */
export const seek = (page: Page, seconds: number): Promise<void> =>
  position(page).evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, seconds);

/** A choice of the switch Original · Vocals · Accompaniment. */
export const mix = (page: Page, mode: 'original' | StemName): Locator =>
  named(page, 'radiogroup', 'mix.switch').locator(`input[value="${mode}"]`);

export const fader = (page: Page, stem: StemName): Locator => named(page, 'slider', `mix.${stem}Level`);

/** What a fader says of its level. */
export const level = (page: Page, stem: StemName) => fader(page, stem).getAttribute('aria-valuetext');

/** A key of the page, whatever has the focus. */
export const press = (page: Page, key: string): Promise<void> => page.locator('body').press(key);

// Saving

/** The button that opens what can be saved. */
export const saveMenu = (page: Page): Locator => page.locator('#save-open');

/** What can be saved, and how; also while it is closed. */
const savePanel = (page: Page): Locator =>
  page
    .getByRole('region', { name: inAnyLanguage((t) => t('save.region')), includeHidden: true })
    // Another result of the song stands by in the same place.
    .and(page.locator('xpath=//*[not(ancestor::*[@inert])]'));

/** Opens what can be saved. */
export async function openSaveMenu(page: Page): Promise<void> {
  if (!(await savePanel(page).isVisible())) await saveMenu(page).click();
}

/** A control of what can be saved: using it opens that first. */
function inSaveMenu(page: Page, control: Locator): Locator {
  const [click, selectOption] = [control.click.bind(control), control.selectOption.bind(control)];
  return Object.assign(control, {
    click: async (...options: Parameters<Locator['click']>) => {
      await openSaveMenu(page);
      await click(...options);
    },
    selectOption: async (...values: Parameters<Locator['selectOption']>) => {
      await openSaveMenu(page);
      return await selectOption(...values);
    },
  });
}

export const saveButton = (page: Page, kind: ExportKind): Locator =>
  inSaveMenu(
    page,
    savePanel(page).getByRole('button', {
      name: inAnyLanguage((t) => t('save.button', { what: t(`save.${kind}`) })),
      includeHidden: true,
    }),
  );

export const saveFormat = (page: Page): Locator =>
  inSaveMenu(
    page,
    savePanel(page).getByRole('combobox', { name: inAnyLanguage((t) => t('save.format')), includeHidden: true }),
  );

// Videos

/** The picture of a song that came from a video. */
export const picture = (page: Page): Locator => page.getByLabel(inAnyLanguage((t) => t('video.picture')));

// Spectrograms

/** A spectrogram. */
export const spectrogram = (page: Page, kind: SpectrogramName): Locator =>
  page.getByRole('img', { name: new RegExp(inAnyLanguage((t) => t(`spectrogram.${kind}Alt`)).source.slice(0, -1)) });

/** Waits until a spectrogram is painted whole. A stored song's columns come one after the other. */
export async function painted(page: Page, kind: SpectrogramName): Promise<void> {
  const isWhole = () =>
    spectrogram(page, kind).evaluate(({ dataset }: HTMLElement) => {
      const { complete, doneFrames, frames } = dataset;
      return complete === 'true' && doneFrames === frames;
    });
  await expect.poll(isWhole, { timeout: PATIENCE_MS }).toBe(true);
}

/** Chooses the language of the page. */
export const speak = (page: Page, language: 'en' | 'zh-CN') =>
  page.getByRole('banner').getByRole('combobox').selectOption(language);

/** The panel of the region that is selected in the spectrograms. */
export const regionPanel = (page: Page): Locator => named(page, 'region', 'region.title');

/** A field of that panel; its name ends in a unit. */
export const regionField = (page: Page, edge: 'start' | 'end' | 'lowHz' | 'highHz'): Locator =>
  regionPanel(page).getByRole('spinbutton', { name: new RegExp(`^${text(`region.${edge}`)} ?(s|Hz)?$`) });

// Around the song

/** The element that says a text of the page and nothing else, such as the summary of what can be folded out. */
export const said = (of: Page | Locator, key: MessageKey, values?: Values): Locator =>
  of.getByText(inAnyLanguage((t) => t(key, values)));

/** Waits for the engine, whose facts are at the foot of the page then. */
export const engine = (page: Page): Promise<void> =>
  said(page, 'engine.backend').waitFor({ state: 'attached', timeout: PATIENCE_MS });

/** The button that opens the models; its name goes on with the model in use. */
export const modelsButton = (page: Page): Locator =>
  page.getByRole('button', { name: new RegExp(inAnyLanguage((t) => t('models.open')).source.slice(0, -1)) });

/** The models to choose from. */
export const modelChoice = (page: Page): Locator => named(page, 'radiogroup', 'models.choose');

/** The tools for practising, which can be folded away: the details round their title. */
export const practice = (page: Page): Locator =>
  page.locator('details').filter({ has: page.locator('summary').filter({ hasText: text('practice.title') }) });

/** Waits until the panel of progress says that the song is separated. */
export const finished = (page: Page): Promise<void> =>
  progress(page)
    .and(page.locator('[data-kind="done"]'))
    .waitFor({ timeout: 2 * PATIENCE_MS });

/** The models that the list shows: where they are from, and their ids. */
export const listedModels = (page: Page): Promise<readonly string[]> =>
  modelChoice(page)
    .getByRole('radio')
    .evaluateAll((radios) => radios.map((radio) => (radio as HTMLInputElement).value));

/** The choice of a model by where it is from and its id. */
export const model = (page: Page, id: string): Locator => modelChoice(page).locator(`input[value="${id}"]`);
