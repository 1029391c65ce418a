import { expect, test } from 'vitest';
import { frameSdrs } from '../../src/metrics/sdr.ts';
import { sdrChart } from '../../tools/lib/sdr-chart.ts';
import { noise } from '../separation/fake-model.ts';

const RATE = 1000;
const SECONDS = 4;

test('draws one line a method and stem, with a point a second, broken where the stem is silent', () => {
  const voice = noise(RATE * SECONDS, 1).fill(0, RATE, 2 * RATE);
  const band = noise(RATE * SECONDS, 2);
  // 0 dB: everything is wrong; 6.02 dB: half of it.
  const silent = { title: 'none & nothing', vocals: [voice.map(() => 0)], accompaniment: [band.map(() => 0)] };
  const half = { title: 'half', vocals: [voice.map((v) => v / 2)], accompaniment: [band.map((v) => v / 2)] };
  const svg = sdrChart('a <song>', { vocals: [voice], accompaniment: [band] }, [silent, half], RATE);
  const paths = [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1]);
  expect(paths).toHaveLength(4);
  expect(paths.map((path) => path.match(/[ML]/g)?.join(''))).toEqual(['MML', 'MML', 'MLLL', 'MLLL']);
  const heights = (path: string) => [...path.matchAll(/ ([\d.]+)/g)].map((match) => Number(match[1]));
  const [zero] = heights(paths[2]);
  const [six] = heights(paths[3]);
  // 250 pixels are 40 dB; coordinates have one decimal.
  expect((zero - six) / (250 / 40)).toBeCloseTo(20 * Math.log10(2), 1);
  expect(svg).toContain('a &lt;song>');
  expect(svg).toContain('none &amp; nothing');
});

test('frames of a second are measured one by one', () => {
  const sound = noise(RATE * 3, 3);
  const estimate = sound.map((value, n) => value * (n < RATE ? 0 : n < 2 * RATE ? 0.5 : 1));
  const [first, second, third] = frameSdrs([sound], [estimate], RATE);
  expect(first).toBe(0);
  expect(second).toBeCloseTo(20 * Math.log10(2), 6);
  expect(third).toBe(Number.POSITIVE_INFINITY);
});
