import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { compileTool, ended, ROOT, type Tool } from './run-tool.ts';

const FIXTURES = join(ROOT, 'tests', 'fixtures');
const SONG = join(FIXTURES, 'audio', 'wavfloat.wav');
/** 128 + 15, as shells tell it. */
const ENDED_BY_SIGTERM = 143;

const MEMORY_AT_EXIT =
  "data:text/javascript,process.on('exit',()=>console.error('memory',process.resourceUsage().maxRSS))";

let tool: Tool;
let folder: string;
let model: string;
let out: string;
/** The system's folder of temporary files, as the command line sees it. */
let temporary: string;
let tests = 0;
const read = async (path: string): Promise<AudioData> => decodeInNode(await readFile(path), path);

beforeAll(async () => {
  tool = await compileTool('separate');
  folder = await mkdtemp(join(tmpdir(), 'unsung-streams-'));
  // The paper's network with few filters and random weights.
  const weights = join(FIXTURES, 'model', 'paper.safetensors');
  model = (await convertModel(weights, { out: join(folder, 'models'), dtype: 'float32' })).folder;
});

beforeEach(async () => {
  const mine = join(folder, String(++tests));
  out = join(mine, 'out');
  temporary = join(mine, 'temporary');
  await mkdir(temporary, { recursive: true });
});

afterAll(async () => {
  await tool.dispose();
  await rm(folder, { recursive: true });
});

/** Silence, mono: a 16-bit WAV file that takes no space on disk. */
async function silence(seconds: number, sampleRate = 8000): Promise<string> {
  const bytes = seconds * sampleRate * 2;
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  for (const [at, value] of [1, 1].entries()) head.writeUInt16LE(value, 20 + 2 * at);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  const path = join(folder, `silence-${seconds}-${sampleRate}.wav`);
  const file = await open(path, 'w');
  await file.write(head);
  await file.truncate(44 + bytes);
  await file.close();
  return path;
}

describe('npm run separate', () => {
  test('writes the stem that is asked for, and no other', async () => {
    const args = [SONG, '--model', model, '--bits', '32f', '--out'];
    expect(await tool.run(...args, out)).toMatchObject({ status: 0, err: '' });
    const one = join(out, 'one');
    expect(await tool.run(...args, one, '--stem', 'accompaniment')).toMatchObject({ status: 0, err: '' });
    expect(await readdir(one)).toEqual(['wavfloat.accompaniment.wav']);
    const file = 'wavfloat.accompaniment.wav';
    expect(await readFile(join(one, file))).toEqual(await readFile(join(out, file)));
  });

  test('separates the part from one time to another', async () => {
    const args = ['--model', model, '--bits', '32f', '--out', out, '--from', '0:00.05', '--to', '0.15'];
    expect(await tool.run(SONG, ...args)).toMatchObject({ status: 0, err: '' });
    const original = await read(SONG);
    const vocals = await read(join(out, 'wavfloat.vocals.wav'));
    const accompaniment = await read(join(out, 'wavfloat.accompaniment.wav'));
    const first = 0.05 * original.sampleRate;
    for (const [c, channel] of original.channels.entries()) {
      expect(vocals.channels[c].length).toBe(0.1 * original.sampleRate);
      const errors = vocals.channels[c].map((value, n) => value + accompaniment.channels[c][n] - channel[first + n]);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1e-6);
    }
  });

  test('separates the track that the file names, tells of the others, and takes the one that is chosen', async () => {
    const two = join(FIXTURES, 'formats', 'second-is-default.mka');
    const args = [two, '--model', model, '--stem', 'vocals', '--out'];
    const named = await tool.run(...args, out);
    expect(named.status).toBe(0);
    expect(named.err).toContain('Track 2 was separated; --track chooses another.');
    expect((await read(join(out, 'second-is-default.vocals.wav'))).channels).toHaveLength(1);
    expect(await tool.run(...args, out, '--track', '1')).toMatchObject({ status: 0, err: '' });
    expect((await read(join(out, 'second-is-default.vocals.wav'))).channels).toHaveLength(2);
    const absent = await tool.run(...args, out, '--track', '3');
    expect(absent.status).toBe(1);
    expect(absent.err).toContain('has no audio track 3');
  });

  test('takes the same memory for a long song as for a short one', async () => {
    const bytes: number[] = [];
    for (const seconds of [5, 150]) {
      const song = await silence(seconds, 192_000);
      const child = tool.start([song, '--model', model, '--out', out, '--stem', 'vocals'], {
        // Prints the most memory that the process had, in kB.
        NODE_OPTIONS: `--import=${MEMORY_AT_EXIT}`,
      });
      const { status, err } = await ended(child);
      expect(status).toBe(0);
      bytes.push(Number(/^memory (\d+)$/m.exec(err)?.[1]) * 1024);
    }
    // In memory, the long song and its stems would take 346 MB.
    expect(bytes[1] - bytes[0]).toBeLessThan(100e6);
  }, 300_000);

  test('tells progress, results and errors as JSON, a line each', async () => {
    const text = join(FIXTURES, 'audio', 'text.mp3');
    const run = await tool.run(
      text,
      SONG,
      '--model',
      model,
      '--out',
      out,
      '--json',
      '--stem',
      'vocals',
      '--bits',
      '32f',
    );
    expect(run.status).toBe(1);
    const lines = run.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ event: 'error', song: text, code: 'audio.not-audio' });
    expect(lines[0].message).toContain('text.mp3');
    const progress = lines.slice(1, -1);
    expect(progress.length).toBeGreaterThan(0);
    for (const line of progress) expect(line).toMatchObject({ event: 'progress', song: SONG });
    const { sampleRate, channels } = await read(SONG);
    const seconds = channels[0].length / sampleRate;
    expect(progress.at(-1)).toMatchObject({ doneSeconds: seconds, totalSeconds: seconds });
    expect(lines.at(-1)).toMatchObject({
      event: 'result',
      song: SONG,
      files: { vocals: join(out, 'wavfloat.vocals.wav') },
      format: 'wav32f',
      seconds,
      sampleRate,
      channels: channels.length,
      notes: [],
    });
    // For a person, too.
    expect(run.err).toContain('text.mp3');
  });

  test('reads standard input and writes standard output, and leaves no temporary file', async () => {
    const flags = ['--model', model, '--format', 'flac', '--stem', 'vocals', '--out'];
    expect((await tool.run(SONG, ...flags, out)).status).toBe(0);
    const child = tool.start(['-', ...flags, '-'], { TMPDIR: temporary });
    createReadStream(SONG).pipe(child.stdin);
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece) => pieces.push(piece));
    const { status, err } = await ended(child);
    expect(status).toBe(0);
    expect(err).toContain('→ -');
    const piped = await decodeInNode(Buffer.concat(pieces), 'piped');
    expect(piped).toEqual(await read(join(out, 'wavfloat.vocals.flac')));
    expect(await readdir(temporary)).toEqual([]);
  });

  test('says what is wrong with standard input', async () => {
    const child = tool.start(['-', '--model', model, '--out', out], { TMPDIR: temporary });
    child.stdin.end('This is a letter.');
    const { status, err } = await ended(child);
    expect(status).toBe(1);
    expect(err).toContain('“standard input” is not an audio file.');
    expect(await readdir(temporary)).toEqual([]);
  });

  test('separates a song whose name is as long as the file system allows', async () => {
    const long = join(out, `${'夜'.repeat(83)}.wav`);
    await mkdir(out);
    await copyFile(SONG, long);
    expect(await tool.run(long, '--model', model, '--out', join(out, 'stems'))).toMatchObject({ status: 0, err: '' });
    const names = await readdir(join(out, 'stems'));
    expect(names.sort()).toEqual([
      expect.stringMatching(/^夜+\.accompaniment\.wav$/),
      expect.stringMatching(/^夜+\.vocals\.wav$/),
    ]);
  });

  test.each([
    ['SIGTERM', ENDED_BY_SIGTERM],
    ['SIGINT', 130],
  ] as const)('removes its unfinished files at %s', async (signal, status) => {
    // Longer than any machine separates before the signal arrives.
    const child = tool.start([await silence(3600), '--model', model, '--out', out, '--json']);
    const run = ended(child);
    await once(createInterface(child.stdout), 'line');
    expect((await readdir(out)).every((name) => name.endsWith('.part'))).toBe(true);
    child.kill(signal);
    expect(await run).toMatchObject({ status, err: 'Interrupted.\n' });
    expect(await readdir(out)).toEqual([]);
  });

  test('removes what it has read of standard input at SIGTERM', async () => {
    const child = tool.start(['-', '--model', model, '--out', out], { TMPDIR: temporary });
    const run = ended(child);
    child.stdin.write('RIFF');
    await vi.waitUntil(async () => (await readdir(temporary)).length > 0, { timeout: 50_000, interval: 50 });
    child.kill('SIGTERM');
    expect(await run).toMatchObject({ status: ENDED_BY_SIGTERM, err: 'Interrupted.\n' });
    expect(await readdir(temporary)).toEqual([]);
  });
});
