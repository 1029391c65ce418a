import type { AudioData } from '../../src/audio/audio-data.ts';
import { HighBandGains } from '../../src/dsp/high-band.ts';
import { MaskInterpolator } from '../../src/dsp/interpolate-mask.ts';
import { StereoMaskFilter } from '../../src/dsp/stereo-filter.ts';
import { Stft } from '../../src/dsp/stft.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { MixtureFrames } from '../../src/separation/mixture-frames.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { Duration, Pass } from './results.ts';

/**
 * Separates a song once and measures the time of each stage. The methods of a stage are wrapped during the pass: some
 * thousand calls a minute of song, so reading the clocks costs little. The stems are discarded.
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

/** Milliseconds since some moment in the past. */
export interface Clocks {
  readonly wall: () => number;
  /** Processor time of all threads, where it is known. */
  readonly cpu?: () => number;
}

/** Adds up the time of many calls. */
export class Stopwatch {
  readonly #clocks: Clocks;
  #wall = 0;
  #cpu = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  get total(): Duration {
    return { wallMs: this.#wall, cpuMs: this.#clocks.cpu && this.#cpu };
  }

  /** Starts a call; the function that it returns ends it. */
  start(): () => void {
    const { wall, cpu } = this.#clocks;
    const wallAt = wall();
    const cpuAt = cpu?.() ?? 0;
    return () => {
      this.#cpu += (cpu?.() ?? 0) - cpuAt;
      this.#wall += wall() - wallAt;
    };
  }

  /** Times every call of a class's method until the returned function is called. */
  watch<T extends object, K extends keyof T & string>(prototype: T, name: K): () => void {
    const original = prototype[name] as (...args: unknown[]) => unknown;
    const start = () => this.start();
    const timed = function (this: T, ...args: unknown[]): unknown {
      const stop = start();
      let result: unknown;
      try {
        result = original.apply(this, args);
      } catch (error) {
        stop();
        throw error;
      }
      if (result instanceof Promise) return result.finally(stop);
      stop();
      return result;
    };
    Object.defineProperty(prototype, name, { value: timed, configurable: true, writable: true });
    return () => Object.defineProperty(prototype, name, { value: original, configurable: true, writable: true });
  }
}

/** `a` without `b`. */
export function minus(a: Duration, ...others: readonly Duration[]): Duration {
  const wallMs = others.reduce((rest, other) => rest - other.wallMs, a.wallMs);
  const cpuMs = a.cpuMs === undefined ? undefined : others.reduce((rest, other) => rest - (other.cpuMs ?? 0), a.cpuMs);
  return { wallMs, cpuMs };
}
