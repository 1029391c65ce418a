import type { AudioData } from '../../src/audio/audio-data.ts';
import { HighBandGains } from '../../src/dsp/high-band.ts';
import { MaskInterpolator } from '../../src/dsp/interpolate-mask.ts';
import { StereoMaskFilter } from '../../src/dsp/stereo-filter.ts';
import { Stft } from '../../src/dsp/stft.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { MixtureFrames } from '../../src/separation/mixture-frames.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { Pass } from './results.ts';
import { type Clocks, minus, Stopwatch } from './stopwatch.ts';

/**
 * Separates a song once, and says where the time went. The stages are timed where they are: the methods that they
 * consist of are wrapped for the time of the pass (some thousand calls a minute of song, so the clocks themselves
 * cost little). The stems are thrown away.
 */
export async function measurePass(
  song: AudioData,
  model: Predictor,
  options: Pick<SeparationOptions, 'quality' | 'batchSize'>,
  clocks: Clocks,
): Promise<Pass> {
  const whole = new Stopwatch(clocks);
  const frames = new Stopwatch(clocks);
  const stft = new Stopwatch(clocks);
  const network = new Stopwatch(clocks);
  const interpolate = new Stopwatch(clocks);
  const filter = new Stopwatch(clocks);
  let patches = 0;
  const timed: Predictor = {
    manifest: model.manifest,
    async predict(magnitudes, count, divisor, settings) {
      patches += count;
      const stop = network.start();
      try {
        return await model.predict(magnitudes, count, divisor, settings);
      } finally {
        stop();
      }
    },
  };
  const unwatch = [
    frames.watch(MixtureFrames.prototype, 'read'),
    stft.watch(Stft.prototype, 'magnitudeFrame'),
    interpolate.watch(MaskInterpolator.prototype, 'at'),
    interpolate.watch(HighBandGains.prototype, 'fill'),
    ...(['analyse', 'power', 'apply', 'take', 'flush'] as const).map((method) =>
      filter.watch(StereoMaskFilter.prototype, method),
    ),
  ];
  try {
    const stop = whole.start();
    for await (const _ of separate(song, timed, options));
    stop();
  } finally {
    for (const end of unwatch) end();
  }
  const total = whole.total;
  return {
    stages: {
      resample: minus(frames.total, stft.total),
      stft: stft.total,
      network: network.total,
      interpolate: interpolate.total,
      filter: filter.total,
      rest: minus(total, frames.total, network.total, interpolate.total, filter.total),
    },
    total,
    patches,
  };
}
