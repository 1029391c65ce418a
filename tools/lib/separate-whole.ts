import { setImmediate } from 'node:timers/promises';
import { ModelError } from '../../src/errors.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { type Estimates, TARGETS } from './evaluate-measure.ts';
import { allNumbers, type Stems } from './evaluate-stems.ts';

/** Receives the seconds that are done, and those of the whole song. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Separates a whole song.
 *
 * @throws ModelError when the model's output is no numbers; as `separate`
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
    // WebAssembly never waits: without this, no signal such as Ctrl+C would be heard before the end.
    await setImmediate();
  }
  if (!allNumbers(whole.vocals)) {
    throw new ModelError(
      `The model “${model.manifest.id}” gave values that are no numbers.`,
      'Train it again, or convert it again with “npm run convert”.',
    );
  }
  return whole;
}
