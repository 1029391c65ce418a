import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { tone, writeWav } from './evaluate-files.ts';
import { compileTool, ROOT, type Tool } from './run-tool.ts';

const RATE = 8000;

let tool: Tool;
let folder: string;
let model: string;
const at = (...parts: string[]): string => join(folder, ...parts);

const evaluate: Tool['run'] = (...args) => tool.run(...args);

const cells = (out: string): string[][] => out.split('\n').map((line) => line.trim().split(/\s{2,}/));

beforeAll(async () => {
  tool = await compileTool('evaluate');
  folder = await mkdtemp(join(tmpdir(), 'unsung-evaluate-'));
  // The paper's network with few filters and random weights.
  const weights = join(ROOT, 'tests', 'fixtures', 'model', 'paper.safetensors');
  model = (await convertModel(weights, { out: at('models'), dtype: 'float32' })).folder;
  // Voice twice as strong as the band: 6.02 dB. Then a third of it, of three stems: 10·log10(3) = 4.77 dB below.
  await writeWav(at('good', 'a', 'loud', 'vocals.wav'), [tone(440, 0.4, RATE, 2)], RATE);
  await writeWav(at('good', 'a', 'loud', 'accompaniment.wav'), [tone(660, 0.2, RATE, 2)], RATE);
  const quiet = ['vocals', 'drums', 'bass', 'other'];
  for (const [i, stem] of quiet.entries()) {
    await writeWav(at('good', 'b', 'quiet', `${stem}.wav`), [tone(100 * (i + 1), 0.2, RATE, 2)], RATE);
  }
});

afterAll(async () => {
  await tool.dispose();
  await rm(folder, { recursive: true });
});

describe('npm run evaluate', () => {
  test('prints mixture, model and ideal ratio mask of each song, and writes everything as JSON', async () => {
    const file = at('new', 'folder', 'values.json');
    const { status, out, err } = await evaluate('--data', at('good'), '--model', model, '--json', file);
    expect([status, err]).toEqual([0, '']);
    const rows = cells(out);
    const loud = rows.find((row) => row[0] === 'a/loud') as string[];
    expect([loud[1], loud[2], loud[5]]).toEqual(['0:02', '6.02', '-6.02']);
    const quiet = rows.find((row) => row[0] === 'b/quiet') as string[];
    expect([quiet[2], quiet[5]]).toEqual(['-4.77', '4.77']);
    const all = rows.find((row) => row[0] === 'mean of all, 2 songs') as string[];
    expect([all[1], all[4]]).toEqual(['0.62', '-0.62']);
    expect(out.indexOf('a/loud')).toBeLessThan(out.indexOf('b/quiet'));

    const json = JSON.parse(await readFile(file, 'utf8'));
    const { id } = JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8'));
    expect(json.models[0].id).toBe(id);
    expect(json.options).toMatchObject({ seconds: null, bss: false });
    expect(json.songs.map((song: { path: string }) => song.path)).toEqual(['a/loud', 'b/quiet']);
    expect(json.songs[0].vocals.mixture.sdr).toBeCloseTo(20 * Math.log10(2), 4);
    expect(json.songs[1].accompaniment.mixture.framewiseSdr).toBeCloseTo(10 * Math.log10(3), 4);
    expect(json.songs[0].vocals[id].sdr.toFixed(2)).toBe(loud[3]);
    // Any soft mask below 1 takes some of the voice, and what it lets through of the band is less than all of it.
    expect(json.songs[1].vocals[id].sdr).toBeGreaterThan(json.songs[1].vocals.mixture.sdr);
    expect(json.songs[0].vocals.idealRatioMask.sdr).toBeGreaterThan(20);
    expect(Object.keys(json.sets)).toEqual(['a', 'b']);
    expect(json.all.median.vocals.mixture.sdr).toBeCloseTo((10 * Math.log10(4 / 3)) / 2, 4);
  });

  test('measures the beginning only, and BSS Eval too, when asked to', async () => {
    const file = at('short.json');
    const args = ['--data', at('good', 'a'), '--model', model, '--json', file, '--seconds', '1.5', '--bss'];
    const { status, out } = await evaluate(...args);
    expect(status).toBe(0);
    expect(out).toContain('the first 1.5 s of each');
    expect(out).toContain('BSS Eval v4 of the vocals');
    const { songs, models } = JSON.parse(await readFile(file, 'utf8'));
    const [song] = songs;
    expect(song.seconds).toBe(1.5);
    expect(song.vocals.mixture.bssSdr).toBeCloseTo(20 * Math.log10(2), 3);
    expect(Object.keys(song.accompaniment[models[0].id])).toEqual([
      'sdr',
      'framewiseSdr',
      'bssSdr',
      'bssIsr',
      'bssSir',
      'bssSar',
    ]);
  });

  test('measures baselines, two models and the limit of each, and writes tables and a picture', async () => {
    const card = at('CARD.md');
    await writeFile(card, '# Card\n\n## Evaluation\n\n## Limits\n');
    const picture = at('sdr.svg');
    const args = ['--data', at('good', 'a'), '--model', `${model},${model}`, '--baselines', '--song', 'loud'];
    const { status, out } = await evaluate(...args, '--write', card, '--picture', picture);
    expect(status).toBe(0);
    const [, , heads] = out.split('\n').slice(2);
    expect(
      heads
        .trim()
        .split(/\s{2,}/)
        .slice(2, 9),
    ).toEqual(['mixture', 'centre', 'paper', 'paper-2', 'ideal paper', 'ideal paper-2', 'ideal']);
    const text = await readFile(card, 'utf8');
    expect(text).toMatch(/## Evaluation\n\n<!-- evaluation -->[\s\S]+\| centre \| 6\.02 \/ 0\.00 \|[\s\S]+## Limits/);
    expect(text).not.toContain(at('good'));
    expect((await readFile(picture, 'utf8')).match(/<path/g)).toHaveLength(14);
  });

  test('goes on after a bad song, says what was wrong with it, and ends with status 1', async () => {
    const data = at('mixed');
    await writeWav(join(data, '2 good', 'vocals.wav'), [tone(440, 0.4, RATE, 1.25)], RATE);
    await writeWav(join(data, '2 good', 'accompaniment.wav'), [tone(660, 0.4, RATE, 1)], RATE);
    await writeWav(join(data, '1 half', 'vocals.wav'), [tone(440, 0.4, RATE, 1)], RATE);
    await writeWav(join(data, '3 rates', 'vocals.wav'), [tone(440, 0.4, RATE, 1)], RATE);
    await writeWav(join(data, '3 rates', 'accompaniment.wav'), [tone(440, 0.4, RATE, 1)], 16000);
    await writeWav(join(data, '4 text', 'vocals.wav'), [tone(440, 0.4, RATE, 1)], RATE);
    await writeFile(join(data, '4 text', 'accompaniment.wav'), 'no sound at all');
    const file = at('mixed.json');
    const { status, out, err } = await evaluate('--data', data, '--model', model, '--json', file);
    expect(status).toBe(1);
    expect(
      cells(out)
        .find((row) => row[0] === '2 good')
        ?.slice(1, 3),
    ).toEqual(['0:01', '0.00']);
    expect(err).toContain('1 half: There is vocals, but no accompaniment.');
    expect(err).toContain('2 good: Stems differ in length and were cut to the shortest');
    expect(err).toContain('3 rates: The stems differ in rate');
    expect(err).toContain('4 text: “accompaniment.wav” is not an audio file.');
    expect(err).toContain('3 of 4 songs could not be measured.');
    // Neither a bar's control characters nor a stack of code lines.
    expect(err).not.toContain('\u001b');
    expect(err).not.toMatch(/^\s+at /m);
    const json = JSON.parse(await readFile(file, 'utf8'));
    expect(json.songs).toHaveLength(1);
    expect(json.failures.map((failure: { path: string }) => failure.path)).toEqual(['1 half', '3 rates', '4 text']);
  });

  test('ends with status 2 and the layout that is expected where there are no songs', async () => {
    await mkdir(at('empty', 'folder'), { recursive: true });
    const { status, out, err } = await evaluate('--data', at('empty'), '--model', model);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^There are no songs in “.*empty”\. A song is a folder with vocals\.\* and accompaniment\.\*/);
  });

  test.each([
    ['no folder', [], /^error: required option '--data/],
    ['a folder that is not there', ['--data', '/nowhere/at/all'], /^There is no folder “\/nowhere\/at\/all”\./],
    ['a length that is none', ['--data', '.', '--seconds', '-3'], /^error: .*Give a number above 0\./],
  ])('ends with status 2 for %s', async (_, args, message) => {
    const { status, err } = await evaluate(...args);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });

  test('ends with status 1 and a sentence when the model is not there', async () => {
    const { status, err } = await evaluate('--data', at('good'), '--model', at('nothing'));
    expect(status).toBe(1);
    expect(err).toContain('cannot be read. Check the path of the model.');
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('says before it measures that the JSON file cannot be written', async () => {
    const { status, out, err } = await evaluate('--data', at('good'), '--model', model, '--json', at('good'));
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/“.*good” is a folder\. Give --json the name of a file\./);
  });
});
