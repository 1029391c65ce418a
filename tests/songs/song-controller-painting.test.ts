import { expect, test } from 'vitest';
import { FakePage } from './fake-page.ts';

async function pageWithOpen(): Promise<FakePage> {
  const page = new FakePage();
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:kept B:kept');
  return page;
}

/** Changes the vocals of the open song in samples [0, 10), as painting does. */
async function paint(page: FakePage, value: number, busy = false): Promise<void> {
  const { open } = page.songs.state;
  if (!open) throw new Error('No song is open.');
  await open.storage.amend(0, [new Float32Array(10).fill(value)]);
  page.songs.painted(open.song.id, open.storage, busy);
}

/** The first sample of the vocals at the next visit. */
async function vocalsNextVisit({ browser }: FakePage): Promise<number | undefined> {
  const page = new FakePage(browser);
  await page.until('A:kept B:kept');
  await page.songs.listen(page.id('A'));
  const sample = page.songs.state.open?.storage.whole?.vocals.channels[0][0];
  page.close();
  return sample;
}

test('painting is stored after a short pause', async () => {
  const page = await pageWithOpen();
  await paint(page, 0.25);
  expect(page.states).toBe('A*:painted B:kept');
  expect(page.songs.state.unkept).toBe(true);
  page.pass(500);
  await paint(page, 0.75);
  page.pass(500);
  expect(page.browser.painted).toEqual([]);
  page.pass(500);
  await page.until('A*:kept B:kept');
  expect(page.browser.painted).toHaveLength(1);
  expect(await vocalsNextVisit(page)).toBe(0.75);
});

test('painting is stored only after it is rendered', async () => {
  const page = await pageWithOpen();
  await paint(page, 0.25, true);
  page.pass(5000);
  expect(page.browser.painted).toEqual([]);
  expect(page.states).toBe('A*:painted B:kept');
  await paint(page, 0.25);
  page.pass(1000);
  await page.until('A*:kept B:kept');
  expect(page.browser.painted).toHaveLength(1);
});

test('painting is stored at once when the page is hidden', async () => {
  const page = await pageWithOpen();
  await paint(page, 0.5);
  page.hide();
  await page.until('A*:kept B:kept');
  expect(await vocalsNextVisit(page)).toBe(0.5);
});

test('painting is stored at once when another song is opened, and the song is released then', async () => {
  const page = await pageWithOpen();
  await paint(page, 0.5);
  await page.songs.listen(page.id('B'));
  await page.until('A:kept B*:kept');
  expect(page.song('A')).toMatchObject({ loaded: undefined });
  expect(await vocalsNextVisit(page)).toBe(0.5);
});

test('painting on a song that is not archived yet is archived with it', async () => {
  const page = new FakePage();
  page.browser.archiveFault = 'full';
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:full B:full');
  await paint(page, 0.5);
  page.pass(1000);
  expect(page.browser.painted).toEqual([]);
  page.browser.archiveFault = undefined;
  await page.songs.remove(page.id('B'));
  await page.until('A*:kept');
  expect(page.browser.painted).toEqual([page.id('A')]);
});

test('a painting that could not be stored stays with its song while others are open, and is stored when there is space', async () => {
  const page = await pageWithOpen();
  page.browser.paintingFault = true;
  await paint(page, 0.5);
  page.hide();
  await page.until('A*:painting-not-kept B:kept');
  expect(page.notices).toEqual([{ kind: 'painting-not-kept', name: 'A' }]);
  expect(page.songs.state.unkept).toBe(true);
  await page.songs.listen(page.id('B'));
  await page.songs.listen(page.id('A'));
  expect(page.songs.state.open?.storage.whole?.vocals.channels[0][0]).toBe(0.5);
  page.browser.paintingFault = false;
  await page.songs.remove(page.id('B'));
  page.pass(1000);
  await page.until('A*:kept');
  const next = new FakePage(page.browser);
  await next.until('A:kept');
  await next.songs.listen(next.id('A'));
  expect(next.songs.state.open?.storage.whole?.vocals.channels[0][0]).toBe(0.5);
});

test('a painting that could not be stored with its song stays with it, too', async () => {
  const page = new FakePage();
  page.browser.archiveFault = 'full';
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:full B:full');
  await paint(page, 0.5);
  page.browser.archiveFault = undefined;
  page.browser.paintingFault = true;
  await page.songs.remove(page.id('B'));
  await page.until('A*:painting-not-kept');
  expect(page.notices).toContainEqual({ kind: 'painting-not-kept', name: 'A' });
  await page.add('C');
  await page.until('A:painting-not-kept C*:kept');
  await page.songs.listen(page.id('A'));
  expect(page.songs.state.open?.storage.whole?.vocals.channels[0][0]).toBe(0.5);
});
