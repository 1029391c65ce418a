import type { ModelManifest } from '../../model/manifest.ts';
import { mixtureFrames } from '../mixture-spectrogram.ts';
import type { KnownSong } from './mix-pair.ts';

/** A song, and the mask to compute the loss of. */
export interface LossRequest {
  readonly song: KnownSong;
  readonly manifest: ModelManifest;
  /** The network's mask of the whole song, frames × bins. */
  readonly mask: Float32Array;
  readonly frames: number;
}

/** |mask × mixture − truth| of each cell; a full-scale sine has magnitude 1. */
export interface LossMap {
  readonly loss: Float32Array<ArrayBuffer>;
  /** Mean over all cells: the L1 loss. */
  readonly mean: number;
  /** The mean with a mask of 0 everywhere, and with a mask of 1 everywhere. */
  readonly meanOfSilence: number;
  readonly meanOfMixture: number;
}

/** The loss of Jansson et al. 2017, cell by cell, on the magnitudes that the network runs on. */
export async function lossMap({ song, manifest, mask, frames }: LossRequest): Promise<LossMap> {
  const { sampleRate } = song;
  const request = { manifest, firstFrame: 0, frames };
  const mixture = await mixtureFrames({ ...request, song: { sampleRate, channels: song.mixture } });
  const truth = await mixtureFrames({ ...request, song: { sampleRate, channels: song.vocals } });
  const loss = new Float32Array(mixture.length);
  let [sum, silence, nothing] = [0, 0, 0];
  for (let i = 0; i < loss.length; i++) {
    loss[i] = Math.abs(mask[i] * mixture[i] - truth[i]);
    sum += loss[i];
    silence += truth[i];
    nothing += Math.abs(mixture[i] - truth[i]);
  }
  const cells = Math.max(1, loss.length);
  return { loss, mean: sum / cells, meanOfSilence: silence / cells, meanOfMixture: nothing / cells };
}
