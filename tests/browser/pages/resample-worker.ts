import { resample } from '../../../src/audio/resample.ts';

addEventListener('message', async (event: MessageEvent<{ signal: Float32Array; from: number; to: number }>) => {
  const { signal, from, to } = event.data;
  postMessage(await resample(signal, from, to));
});
