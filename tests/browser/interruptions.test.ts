import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { toneFile } from './tone-song.ts';

/** The song must not come to its end before the tests do, however slow the machine is. */
const SECONDS = 600;

/** Opening it on a machine that is busy needs minutes. */
const PATIENCE_MS = 600_000;

let built: BuiltPage;
let page: BuiltPage['page'];

beforeAll(async () => {
  built = await openBuiltPage({
    // The player's audio context, for the tests to take away what a system takes away.
    before: () => {
      const Own = window.AudioContext;
      window.AudioContext = class extends Own {
        constructor(options?: AudioContextOptions) {
          super(options);
          Object.assign(window, { audio: this });
        }
      };
    },
  });
  page = built.page;
  await page.setInputFiles('input[type=file]', await toneFile(SECONDS));
  await page.locator('#play').waitFor({ timeout: PATIENCE_MS });
  // Ten minutes are not waited for: the original is heard.
  await page.locator('main > .progress').getByRole('button', { name: 'Cancel' }).click();
  await page.locator('main > .progress[data-kind="cancelled"]').waitFor();
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
});

const position = () => page.locator('#position').evaluate((input) => (input as HTMLInputElement).valueAsNumber);

/** Waits until the song has gone on by some tenths of a second. */
async function goesOn(): Promise<void> {
  const from = await position();
  await page.waitForFunction(
    (least) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > least,
    from + 0.3,
  );
}

/** Seconds that the sound has run, also while the page is not drawn. */
const sounded = () => page.evaluate(() => (window as unknown as { audio: AudioContext }).audio.currentTime);

const playing = () => page.locator('#play').getAttribute('aria-label');

async function play(): Promise<void> {
  if ((await playing()) === 'Play') await page.locator('#play').click();
  await goesOn();
}

describe('a song that plays', () => {
  test('goes on after the system has put the sound to sleep', async () => {
    await play();
    await page.evaluate(() => (window as unknown as { audio: AudioContext }).audio.suspend());
    await page.waitForFunction(() => (window as unknown as { audio: AudioContext }).audio.state === 'running');
    await goesOn();
    expect(await playing()).toBe('Pause');
  });

  test('plays on in the background, and shows where it is when it comes back', async () => {
    await play();
    const before = await position();
    const since = await sounded();
    const other = await page.context().newPage();
    try {
      await other.bringToFront();
      await expect.poll(sounded).toBeGreaterThan(since + 0.7);
    } finally {
      await other.close();
      await page.bringToFront();
    }
    await page.waitForFunction(
      (least) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > least,
      before + 0.6,
    );
    expect(await playing()).toBe('Pause');
  });

  test('goes on where it was when the whole page was frozen and is thawed', async () => {
    await play();
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    await goesOn();
  });

  test('stops when the headphones may have been unplugged, and says why', async () => {
    await play();
    // Awaited from before on: the note stays for some seconds only.
    const told = page.locator('.notice', { hasText: 'output has changed' }).waitFor();
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    await told;
    await expect.poll(playing).toBe('Play');
    await page.locator('#play').click();
    await goesOn();
  });
});
