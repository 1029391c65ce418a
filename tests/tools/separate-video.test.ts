import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { type ReadTrack, reference, tracksIn } from '../containers/videos.ts';
import { compileTool, ROOT, type Tool } from './run-tool.ts';

const FIXTURES = join(ROOT, 'tests', 'fixtures');
const video = (name: string) => join(FIXTURES, 'video', name);

let tool: Tool;
let folder: string;
let model: string;

beforeAll(async () => {
  tool = await compileTool('separate');
  folder = await mkdtemp(join(tmpdir(), 'unsung-video-'));
  // The paper's network with few filters and random weights.
  const checkpoint = join(FIXTURES, 'model', 'paper.safetensors');
  model = (await convertModel(checkpoint, { out: join(folder, 'models'), dtype: 'float32' })).folder;
});

afterAll(async () => {
  await tool.dispose();
  await rm(folder, { recursive: true });
});

const tracksOf = async (path: string) => tracksIn(new Blob([await readFile(path)]));
const md5s = ({ packets }: Pick<ReadTrack, 'packets'>) => packets.map(({ md5 }) => md5);

describe('npm run separate, of videos', () => {
  test('--video copies each video with its stems as the sound', async () => {
    const out = join(folder, 'videos');
    const names = ['two-sounds.mp4', 'two-sounds.mkv', 'plain.webm'];
    const { status } = await tool.run(...names.map(video), '--video', '--model', model, '--out', out);
    expect(status).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'plain.accompaniment.mkv',
      'plain.vocals.mkv',
      'two-sounds.accompaniment.mkv',
      'two-sounds.accompaniment.mp4',
      'two-sounds.vocals.mkv',
      'two-sounds.vocals.mp4',
    ]);
    const [expected] = await reference('two-sounds.mp4');
    const [picture, sound, ...others] = await tracksOf(join(out, 'two-sounds.accompaniment.mp4'));
    expect(md5s(picture)).toEqual(expected.packets.map(({ md5 }) => md5));
    expect(sound.codec).toBe('aac');
    expect(others).toEqual([]);
    const vocals = (await tracksOf(join(out, 'two-sounds.vocals.mp4')))[1];
    expect(md5s(vocals)).not.toEqual(md5s(sound));
  });

  test('--format stems writes one file for DJ programs', async () => {
    const out = join(folder, 'stems');
    const { status, out: told } = await tool.run(
      video('two-sounds.mp4'),
      '--format',
      'stems',
      '--model',
      model,
      '--out',
      out,
    );
    expect(status).toBe(0);
    expect(told).toContain('two-sounds.stem.mp4');
    expect(await readdir(out)).toEqual(['two-sounds.stem.mp4']);
    const tracks = await tracksOf(join(out, 'two-sounds.stem.mp4'));
    expect(tracks.map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(new Array(5).fill('audio aac'));
  });

  test('a file without a picture fails with a sentence, and the others do not', async () => {
    const out = join(folder, 'mixed');
    const sound = join(FIXTURES, 'audio', 'mono.wav');
    const { status, err } = await tool.run(sound, video('turned.mov'), '--video', '--model', model, '--out', out);
    expect(status).toBe(1);
    expect(err).toContain('has no picture');
    expect((await readdir(out)).sort()).toEqual(['turned.accompaniment.mov', 'turned.vocals.mov']);
  });

  test.each([
    [['--video', '--from', '1'], '--from'],
    [['--video', '--format', 'mp3'], '--format'],
    [['--video', '--stem', 'vocals', '--out', '-'], 'Standard output'],
    [['--format', 'stems', '--stem', 'vocals'], '--stem'],
  ])('%j do not fit together', async (flags, about) => {
    const { status, err } = await tool.run(video('two-sounds.mp4'), ...flags, '--model', model);
    expect(status).toBe(2);
    expect(err).toContain(about);
  });
});
