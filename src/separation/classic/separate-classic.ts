import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import { outputLength } from '../../audio/resample.ts';
import { ParameterError } from '../../core/errors.ts';
import type { MaskKind } from '../../dsp/mask.ts';
import { type ModelManifest, mainNetwork } from '../../model/manifest.ts';
import type { VariablePredictor } from '../../model/predictor.ts';
import type { StemChunk } from '../types.ts';
import { separateMono } from './mono.ts';
import { separateAsSpleeter } from './spleeter.ts';

export interface ClassicOptions {
  /** How the mask is used. Default: `{ kind: 'soft' }`. */
  readonly mask?: MaskKind;
  /**
   * Frames that the network runs on at once, for models of the paper's family: a patch of the manifest's length, or the
   * whole song, as the example of the Chainer system does. Default: `patch`.
   */
  readonly frames?: 'patch' | 'whole';
  /** Patches given to the networks in one call. Default: 1. */
  readonly batchSize?: number;
  /** Ends the generator at the next patch when it fires. */
  readonly signal?: AbortSignal;
}

/** Rate, channels and length of the stems that `separateClassic` gives. */
export interface ClassicShape {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: number;
}

/**
 * Separates a song as the system does that the model comes from, for comparison with it: at the model's rate, patches
 * end to end. Models of Spleeter's family follow Spleeter (spleeter.ts), all others the two systems of mono sound
 * (mono.ts).
 *
 * @param song one or two channels, at any rate; is not changed
 * @returns pieces in order and without gaps, at the rate and with the channels of `classicShape`
 * @throws ParameterError for a song without samples, a model that has no classic way, or an option that means nothing
 * @throws the signal's reason when `options.signal` fires; BackendError when a network cannot be run
 */
export async function* separateClassic(
  song: AudioData,
  model: VariablePredictor,
  { mask = { kind: 'soft' }, frames = 'patch', batchSize = 1, signal }: ClassicOptions = {},
): AsyncGenerator<StemChunk, void, undefined> {
  if (sampleCount(song) === 0) throw new ParameterError('parameter.empty-song');
  if (!(batchSize >= 1)) throw new ParameterError('parameter.batch', { count: batchSize });
  signal?.throwIfAborted();
  if (!isSpleeter(model.manifest)) {
    yield* separateMono(song, model, { mask, frames, batchSize, signal });
  } else if (frames === 'patch') {
    yield* separateAsSpleeter(song, model, { mask, batchSize, signal });
  } else {
    throw new ParameterError('parameter.classic-frames');
  }
}

/** What the stems of a song will be. */
export function classicShape(song: AudioData, manifest: ModelManifest): ClassicShape {
  const { sampleRate } = manifest;
  return {
    sampleRate,
    channels: isSpleeter(manifest) ? song.channels.length : 1,
    samples: outputLength(sampleCount(song), song.sampleRate, sampleRate),
  };
}

function isSpleeter(manifest: ModelManifest): boolean {
  const [, { family }] = mainNetwork(manifest);
  return family === 'spleeter';
}
