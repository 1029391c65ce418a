import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { VocalActivity } from '../../src/player/vocal-activity.ts';

const RATE = 8000;

/** A band at −12 dBFS throughout, and a voice where `sings` says so, at a level. */
function song(seconds: number, level: (seconds: number) => number): { original: AudioData; vocals: AudioData } {
  const length = seconds * RATE;
  const voice = Float32Array.from({ length }, (_, n) => level(n / RATE) * Math.sin((2 * Math.PI * 300 * n) / RATE));
  const mix = voice.map((value, n) => value + 0.25 * Math.sin((2 * Math.PI * 110 * n) / RATE));
  return { original: { sampleRate: RATE, channels: [mix] }, vocals: { sampleRate: RATE, channels: [voice] } };
}

function activityOf({ original, vocals }: ReturnType<typeof song>, pieces = 1): VocalActivity {
  const { length } = original.channels[0];
  const activity = new VocalActivity(original.sampleRate, length);
  const accompaniment = original.channels.map((mix, c) => mix.map((value, i) => value - vocals.channels[c][i]));
  for (let n = 0; n < pieces; n++) {
    const [from, to] = [Math.floor((n / pieces) * length), Math.floor(((n + 1) / pieces) * length)];
    const cut = (channels: readonly Float32Array[]) => channels.map((channel) => channel.slice(from, to));
    activity.take(from, cut(vocals.channels), cut(accompaniment));
  }
  return activity;
}

const rounded = (activity: VocalActivity) =>
  activity.passages().map(({ start, end }) => [Number(start.toFixed(2)), Number(end.toFixed(2))]);

describe('singing', () => {
  test('is found exact to the frame, in one piece as in many', () => {
    const sung = song(10, (t) => ((t >= 2 && t < 4) || (t >= 6.5 && t < 9) ? 0.3 : 0));
    for (const pieces of [1, 7, 93]) {
      expect(rounded(activityOf(sung, pieces))).toEqual([
        [2, 4],
        [6.5, 9],
      ]);
    }
  });

  test('does not end at a breath or begin at a click', () => {
    const sung = song(8, (t) => (t >= 1 && t < 1.1 ? 0.3 : t >= 3 && t < 6 && !(t >= 4 && t < 4.3) ? 0.3 : 0));
    expect(rounded(activityOf(sung))).toEqual([[3, 6]]);
  });

  test('does not flicker at the threshold: it has hysteresis', () => {
    // 8 dB below the band begins; 15 dB below alone does not, but goes on.
    const level = (below: number) => 0.25 * 10 ** (-below / 20);
    const sung = song(9, (t) => (t >= 2 && t < 4 ? level(8) : t >= 4 && t < 7 ? level(15) : 0));
    expect(rounded(activityOf(sung))).toEqual([[2, 7]]);
    expect(rounded(activityOf(song(9, () => level(15))))).toEqual([]);
  });

  test('begins with the soft sound before it, at most half a second earlier', () => {
    const soft = 0.25 * 10 ** (-15 / 20);
    expect(rounded(activityOf(song(6, (t) => (t < 1.7 ? 0 : t < 2 ? soft : t < 4 ? 0.25 : 0))))).toEqual([[1.7, 4]]);
    expect(rounded(activityOf(song(6, (t) => (t < 2 ? soft : t < 4 ? 0.25 : 0))))).toEqual([[1.5, 4]]);
  });

  test('is found neither in silence nor in what a separation leaves of a band', () => {
    expect(activityOf(song(3, () => 0)).passages()).toEqual([]);
    const leaking = song(6, (t) => (t < 2 ? 0.5 : 0.004));
    expect(rounded(activityOf(leaking))).toEqual([[0, 2]]);
  });

  test('has a curve: the share of the energy that is voice', () => {
    const activity = activityOf(song(4, (t) => (t < 2 ? 0.25 : 0)));
    const curve = activity.curve();
    expect(curve.length).toBe(80);
    // Two sines of the same level: half of the energy.
    expect(curve[10]).toBeGreaterThan(0.4);
    expect(curve[10]).toBeLessThan(0.6);
    expect(curve[60]).toBe(0);
  });

  test('matches the words of the demo song', async () => {
    const read = async (name: string) => decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
    const [original, vocals] = [await read('mixture'), await read('vocals')];
    const activity = activityOf({ original, vocals });
    const { lyrics } = JSON.parse(await readFile('public/demo/song.json', 'utf8')) as {
      lyrics: { start: number; end: number }[];
    };
    const passages = activity.passages();
    expect(Math.abs(passages[0].start - lyrics[0].start)).toBeLessThan(0.15);
    for (const line of lyrics) {
      const middle = (line.start + line.end) / 2;
      expect(passages.some(({ start, end }) => start <= middle && middle < end)).toBe(true);
    }
    expect(passages.every(({ start }) => start > lyrics[0].start - 0.15)).toBe(true);
  });
});

describe('singing', () => {
  test('is found from pieces in any order, cut anywhere', () => {
    const { original, vocals } = song(20, (t) => (t > 5 && t < 9 ? 0.2 : 0));
    const truth = activityOf({ original, vocals });
    const streamed = new VocalActivity(RATE, 20 * RATE);
    const bounds = [0, 12_345, 40_001, 55_555, 100_000, 20 * RATE];
    for (const n of [3, 0, 4, 2, 1]) {
      const [from, to] = [bounds[n], bounds[n + 1]];
      const voice = vocals.channels[0].slice(from, to);
      streamed.take(from, [voice], [original.channels[0].slice(from, to).map((value, i) => value - voice[i])]);
    }
    expect(rounded(streamed)).toEqual(rounded(truth));
    expect(rounded(streamed)).toHaveLength(1);
    streamed.curve().forEach((share, frame) => {
      expect(share).toBeCloseTo(truth.curve()[frame], 5);
    });
  });
});
