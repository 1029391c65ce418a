import { afterAll, expect, it } from 'vitest';
import type { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { separate } from '../../src/separation/separate.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { concatenate, greatestDifference, noise } from '../separation/fake-model.ts';

const RATE = 8192;
const SONG = { sampleRate: RATE, channels: [noise(RATE * 30)] };
const models: MaskModel[] = [];

async function vocals(threads: number): Promise<Float32Array> {
  const model = await openModel(await findModel('paper'), threads);
  models.push(model);
  const pieces: Float32Array[] = [];
  for await (const chunk of separate(SONG, model)) pieces.push(chunk.vocals[0]);
  return concatenate(pieces);
}

afterAll(async () => {
  for (const model of models) await model.dispose();
});

it('two threads give what one gives, bit for bit', async () => {
  const one = await vocals(1);
  const two = await vocals(2);
  expect(two.length).toBe(SONG.channels[0].length);
  expect(two.some((value) => value !== 0)).toBe(true);
  expect(greatestDifference(two, one)).toBe(0);
});
