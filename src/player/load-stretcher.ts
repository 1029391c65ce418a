// The order matters: the first import catches what the second one registers.
import { instantiate, release } from './capture-stretch-module.ts';
import 'signalsmith-stretch';
import { Stretcher } from './stretcher.ts';

release();

/** Makes a stretcher; in an audio worklet, on a page or in Node. */
export async function createStretcher(channels: number, sampleRate: number): Promise<Stretcher> {
  return new Stretcher(await instantiate(channels, sampleRate), channels, sampleRate);
}
