import { setImmediate } from 'node:timers/promises';
import { outputLength, resample } from '../../src/audio/resample.ts';
import type { Predictor, VariablePredictor } from '../../src/model/predictor.ts';
import { separateClassic } from '../../src/separation/classic/separate-classic.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { CommandLineError } from './command-line-error.ts';
import { type Estimates, TARGETS } from './evaluate-measure.ts';
import { allNumbers, type Stems } from './evaluate-stems.ts';

/** Receives the finished seconds and those of the whole song. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Separates a whole song.
 *
 * @throws CommandLineError when the model's output is not finite; as `separate`
 */
export async function separateWhole(
  { mixture, sampleRate }: Pick<Stems, 'mixture' | 'sampleRate'>,
  model: Predictor,
  onProgress: OnProgress = () => {},
  options: SeparationOptions = {},
): Promise<Estimates> {
  const empty = (): Float32Array[] => mixture.map((channel) => new Float32Array(channel.length));
  const whole = { vocals: empty(), accompaniment: empty() };
  for await (const chunk of separate({ sampleRate, channels: mixture }, model, options)) {
    for (const target of TARGETS) {
      chunk[target].forEach((channel, c) => {
        whole[target][c].set(channel, chunk.start);
      });
    }
    onProgress(chunk.doneSamples / sampleRate, chunk.totalSamples / sampleRate);
    // WebAssembly blocks the event loop: without this pause, Ctrl+C would have no effect before the end.
    await setImmediate();
  }
  if (!allNumbers(whole.vocals)) {
    throw new CommandLineError(
      `The model “${model.manifest.id}” produced invalid values (NaN or infinity).`,
      'Train it again, or convert it again with “npm run convert”.',
    );
  }
  return whole;
}

/**
 * Separates a whole song as the model's own system does (src/separation/classic), at the model's rate, and resamples
 * the stems to the song's rate.
 */
export async function classicWhole(
  { mixture, sampleRate }: Pick<Stems, 'mixture' | 'sampleRate'>,
  model: VariablePredictor,
  onProgress: OnProgress = () => {},
): Promise<Estimates> {
  const samples = mixture[0].length;
  const { sampleRate: rate } = model.manifest;
  const empty = () => mixture.map(() => new Float32Array(outputLength(samples, sampleRate, rate)));
  const whole = { vocals: empty(), accompaniment: empty() };
  for await (const chunk of separateClassic({ sampleRate, channels: mixture }, model)) {
    for (const target of TARGETS)
      for (const [c, part] of chunk[target].entries()) whole[target][c].set(part, chunk.start);
    onProgress(chunk.doneSamples / rate, chunk.totalSamples / rate);
    await setImmediate();
  }
  const atRate = (channels: readonly Float32Array[]) =>
    Promise.all(
      channels.map(async (channel) => {
        const stem = new Float32Array(samples);
        stem.set((await resample(channel, rate, sampleRate)).subarray(0, samples));
        return stem;
      }),
    );
  return { vocals: await atRate(whole.vocals), accompaniment: await atRate(whole.accompaniment) };
}
