import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { readTags } from '../../src/audio/tags/read-tags.ts';
import { hintText, message, messageText } from '../../src/core/message.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { buildSpleeterFolder } from '../model/spleeter-fixtures.ts';
import { compileTool, ROOT, type Tool } from './run-tool.ts';

const FIXTURES = join(ROOT, 'tests', 'fixtures');

let tool: Tool;
let folder: string;
let model: string;
let spleeter: string;
const song = (file: string): string => join(FIXTURES, 'audio', file);
const read = async (path: string): Promise<AudioData> => decodeInNode(await readFile(path), path);

const separate: Tool['run'] = (...args) => tool.run(...args);

beforeAll(async () => {
  tool = await compileTool('separate');
  folder = await mkdtemp(join(tmpdir(), 'unsung-separate-'));
  // The paper's network with few filters and random weights.
  const converted = await convertModel(join(FIXTURES, 'model', 'paper.safetensors'), {
    out: join(folder, 'models'),
    dtype: 'float32',
  });
  model = converted.folder;
  // Of two networks and two qualities, as Spleeter is.
  spleeter = join(folder, 'models', 'spleeter');
  for (const [path, bytes] of (await buildSpleeterFolder('spleeter')).files) {
    await mkdir(dirname(join(spleeter, path)), { recursive: true });
    await writeFile(join(spleeter, path), bytes);
  }
});

afterAll(async () => {
  await tool.dispose();
  await rm(folder, { recursive: true });
});

describe('npm run separate', () => {
  test('writes two stems at the song’s rate and channels, which add up to the song, into a new folder', async () => {
    const out = join(folder, 'a', 'b');
    const { status, out: told } = await separate(song('wav24.wav'), '--model', model, '--out', out, '--bits', '24');
    expect(status).toBe(0);
    expect(told).toContain('wav24.vocals.wav');
    expect((await readdir(out)).sort()).toEqual(['wav24.accompaniment.wav', 'wav24.vocals.wav']);
    const original = await read(song('wav24.wav'));
    const vocals = await read(join(out, 'wav24.vocals.wav'));
    const accompaniment = await read(join(out, 'wav24.accompaniment.wav'));
    expect([vocals.sampleRate, accompaniment.sampleRate]).toEqual([44100, 44100]);
    expect([vocals.channels.length, accompaniment.channels.length]).toEqual([2, 2]);
    original.channels.forEach((channel, c) => {
      expect(vocals.channels[c].length).toBe(channel.length);
      const errors = channel.map((value, i) => vocals.channels[c][i] + accompaniment.channels[c][i] - value);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1e-4);
      // A mask of neither 0 nor 1 lets something through to each side.
      expect(Math.max(...vocals.channels[c])).toBeGreaterThan(0.01);
      expect(Math.max(...accompaniment.channels[c])).toBeGreaterThan(0.01);
    });
  });

  test('goes on after a bad file, says what was wrong with it, and ends with status 1', async () => {
    const out = join(folder, 'bad');
    const files = [song('text.mp3'), song('mono.wav'), song('missing.wav'), song('video-without-sound.mp4')];
    const { status, err } = await separate(...files, '--model', model, '--out', out);
    expect(status).toBe(1);
    expect((await readdir(out)).sort()).toEqual(['mono.accompaniment.wav', 'mono.vocals.wav']);
    expect((await read(join(out, 'mono.vocals.wav'))).channels).toHaveLength(1);
    expect(err).toMatch(/text\.mp3: “text\.mp3” is not an audio file\. Choose /);
    expect(err).toMatch(/There is no file “.*missing\.wav”\. Check the path\./);
    expect(err).toContain(messageText(message('audio.no-track', { name: 'video-without-sound.mp4' })));
    expect(err).toContain('3 of 4 files failed.');
    // Neither a bar's control characters nor a stack of code lines.
    expect(err).not.toContain('\u001b');
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('writes beside the songs, and songs of one name under names of their own', async () => {
    const here = join(folder, 'same');
    await mkdir(here);
    await copyFile(song('mono.wav'), join(here, 'song.wav'));
    await copyFile(song('flac.flac'), join(here, 'song.flac'));
    const { status } = await separate(join(here, 'song.wav'), join(here, 'song.flac'), '--model', model);
    expect(status).toBe(0);
    const stems = (await readdir(here)).filter((name) => /vocals|accompaniment/.test(name)).sort();
    expect(stems).toEqual(['song-2', 'song'].flatMap((name) => [`${name}.accompaniment.wav`, `${name}.vocals.wav`]));
    expect((await read(join(here, 'song.vocals.wav'))).channels).toHaveLength(1);
    expect((await read(join(here, 'song-2.vocals.wav'))).channels).toHaveLength(2);
  });

  test('writes FLAC with the title of the stem', async () => {
    const out = join(folder, 'flac');
    const { status, err } = await separate(song('mono.wav'), '--model', model, '--out', out, '--format', 'flac');
    expect([status, err]).toEqual([0, '']);
    const bytes = await readFile(join(out, 'mono.accompaniment.flac'));
    expect((await readTags(bytes)).title).toBe('mono (Accompaniment)');
    expect((await decodeInNode(bytes, 'flac')).channels).toHaveLength(1);
  });

  test('a hard mask gives other vocals than a soft one', async () => {
    const stems: AudioData[] = [];
    for (const mask of ['soft', 'hard']) {
      const out = join(folder, mask);
      const args = ['--model', model, '--out', out, '--mask', mask, '--bits', '32f'];
      expect((await separate(song('wavfloat.wav'), ...args)).status).toBe(0);
      stems.push(await read(join(out, 'wavfloat.vocals.wav')));
    }
    const [soft, hard] = stems.map((stem) => stem.channels[0]);
    expect(Math.max(...soft.map((value, i) => Math.abs(value - hard[i])))).toBeGreaterThan(0.01);
  });

  test('a fast quality gives other vocals than the best', async () => {
    const stems: AudioData[] = [];
    for (const quality of ['fast', 'best']) {
      const out = join(folder, 'quality');
      const args = ['--model', spleeter, '--out', out, '--bits', '32f', '--quality', quality];
      expect(await separate(song('wav24.wav'), ...args)).toMatchObject({ status: 0, err: '' });
      stems.push(await read(join(out, 'wav24.vocals.wav')));
    }
    const [fast, best] = stems.map(({ channels }) => channels[0]);
    expect(Math.max(...fast.map((value, i) => Math.abs(value - best[i])))).toBeGreaterThan(1e-4);
  });

  test('says so when a model has no qualities', async () => {
    const { status, err } = await separate(song('mono.wav'), '--model', model, '--quality', 'fast');
    expect(status).toBe(1);
    const fault = message('parameter.quality', { id: 'paper', quality: 'fast' });
    expect(err).toContain(`${messageText(fault)} ${hintText(fault)}`);
  });

  test('the classic way gives mono at the model’s rate, by patches or at once', async () => {
    const stems: AudioData[] = [];
    for (const frames of ['patch', 'whole']) {
      const out = join(folder, `classic-${frames}`);
      const args = ['--model', model, '--out', out, '--classic-frames', frames];
      expect(await separate(song('wav24.wav'), ...args)).toMatchObject({ status: 0, err: '' });
      stems.push(await read(join(out, 'wav24.vocals.wav')));
    }
    for (const { sampleRate, channels } of stems) expect([sampleRate, channels.length]).toEqual([8192, 1]);
  });

  test('the classic way of Spleeter gives stereo at its rate', async () => {
    const out = join(folder, 'spleeter');
    expect((await separate(song('wav24.wav'), '--model', spleeter, '--out', out, '--classic')).status).toBe(0);
    const { sampleRate, channels } = await read(join(out, 'wav24.accompaniment.wav'));
    expect([sampleRate, channels.length]).toEqual([8192, 2]);
  });

  test.each([
    ['no song', []],
    ['an unknown mask', ['a.wav', '--mask', 'round']],
    ['bits that a WAV file does not have', ['a.wav', '--bits', '12']],
    ['an unknown option', ['a.wav', '--loud']],
    ['an unknown quality', ['a.wav', '--quality', 'good']],
    ['a quality of the classic way, which has none', ['a.wav', '--classic', '--quality', 'fast']],
    ['an unknown stem', ['a.wav', '--stem', 'drums']],
    ['a track 0', ['a.wav', '--track', '0']],
    ['a time with 75 seconds', ['a.wav', '--from', '1:75']],
    ['a part that ends before it begins', ['a.wav', '--from', '20', '--to', '0:10']],
    ['two stems on standard output', ['a.wav', '--out', '-']],
    ['two songs on standard output', ['a.wav', 'b.wav', '--stem', 'vocals', '--out', '-']],
    ['sound and JSON on standard output', ['a.wav', '--stem', 'vocals', '--out', '-', '--json']],
    ['standard input twice', ['-', '-']],
  ])('ends with status 2 for %s', async (_, args) => {
    const { status, err } = await separate(...args);
    expect(status).toBe(2);
    expect(err).toMatch(/^error: /);
  });

  test('ends with status 1 and a sentence when the model is not there', async () => {
    const { status, err } = await separate(song('mono.wav'), '--model', join(folder, 'nothing'));
    expect(status).toBe(1);
    expect(err).toContain('cannot be read. Check the path of the model.');
    expect(err).not.toMatch(/^\s+at /m);
  });
});
