import * as tf from '@tensorflow/tfjs-core';
// TF.js registers its gradients separately; without this, tf.grad has none.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { AudioData } from '../../audio/audio-data.ts';
import type { FusedNetwork } from '../../model/graph/compile-fused.ts';
import type { LoadedModel } from '../../model/load.ts';
import { type ModelManifest, mainNetwork } from '../../model/manifest.ts';
import { type NetworkShape, networkShape } from '../../model/network-shape.ts';
import { Patch } from '../../model/patch.ts';
import type { Predictor } from '../../model/predictor.ts';
import { networkOnBackend } from '../../model/runtime/network-on-backend.ts';
import { channelSelectors } from '../../separation/mask-predictor.ts';
import { MixtureFrames } from '../../separation/mixture-frames.ts';
import { songDivisor } from '../../separation/song-divisor.ts';
import type { FeatureMaps, InsidePatch, ReceptiveField } from './inside-engine.ts';
import { inspectedManifest } from './inspected-manifest.ts';
import { percentile } from './percentile.ts';

/** Share of a map's cells that its colours tell apart. Scaled by its greatest cell, most of a map would be black. */
const SHOWN_SHARE = 0.95;

/** A model with the inspected network alone; see inspected-manifest.ts. */
export function inspectedModel({ manifest, readWeights }: LoadedModel): LoadedModel {
  return { manifest: inspectedManifest(manifest), readWeights };
}

/** Predicts masks with some skip connections cut, for the usual separation. */
export class CutPredictor implements Predictor {
  readonly manifest: ModelManifest;
  readonly #network: FusedNetwork;
  readonly #cut: ReadonlySet<number>;

  constructor(manifest: ModelManifest, network: FusedNetwork, cut: ReadonlySet<number>) {
    this.manifest = manifest;
    this.#network = network;
    this.#cut = cut;
  }

  async predict(patches: Float32Array, count: number, divisor = 0): Promise<Float32Array> {
    const size = patches.length / count;
    const masks = new Float32Array(patches.length);
    for (let n = 0; n < count; n++) {
      const range = [n * size, (n + 1) * size] as const;
      const patch = new Patch(patches.subarray(...range), this.manifest, divisor);
      await maskOf(patch, this.manifest, this.#network, this.#cut, masks.subarray(...range));
    }
    return masks;
  }
}

/** Shows what a network computes for one patch of a song. */
export class Inspector {
  readonly network: FusedNetwork;
  /** Of the inspected network alone. */
  readonly manifest: ModelManifest;
  readonly #loaded: LoadedModel;
  readonly #shape: NetworkShape;
  #differentiable: Promise<FusedNetwork> | undefined;
  #patch: Patch | undefined;

  private constructor(loaded: LoadedModel, network: FusedNetwork) {
    this.#loaded = loaded;
    this.manifest = loaded.manifest;
    this.#shape = networkShape(loaded.manifest);
    this.network = network;
  }

  /** On the backend in use. */
  static async create(model: LoadedModel): Promise<Inspector> {
    const loaded = inspectedModel(model);
    return new Inspector(loaded, await networkOnBackend(loaded, mainNetwork(loaded.manifest)[0]));
  }

  /**
   * Takes the beginning of an excerpt as the patch to inspect.
   *
   * @param excerpt as long as a patch or longer, where the song is long enough
   */
  async take(excerpt: AudioData): Promise<InsidePatch> {
    const { manifest } = this;
    const { patch, channels } = manifest;
    const magnitudes = new Float32Array(channels * patch.frames * patch.bins);
    const selectors = channelSelectors(excerpt.channels.length, manifest);
    for (const [channel, selector] of selectors.entries()) {
      const frames = await MixtureFrames.open(excerpt, manifest, selector);
      await frames.read(patch.frames, magnitudes, channel * patch.frames * patch.bins);
      frames.dispose();
    }
    const divisor = await songDivisor(excerpt, manifest, selectors);
    this.#patch = new Patch(magnitudes, manifest, divisor ?? 0);
    return { magnitudes: magnitudes.slice(0, patch.frames * patch.bins), mask: await this.mask(new Set()) };
  }

  /** The mask of the vocals for the patch's first channel, with some skip connections cut: frames × bins. */
  async mask(cut: ReadonlySet<number>): Promise<Float32Array<ArrayBuffer>> {
    const { frames, bins } = this.manifest.patch;
    const mask = new Float32Array(this.manifest.channels * frames * bins);
    await maskOf(this.#taken, this.manifest, this.network, cut, mask);
    return mask.slice(0, frames * bins);
  }

  /** The output of one layer for the patch: a map for each channel, the strongest first. */
  async featureMaps(layer: string, cut: ReadonlySet<number>): Promise<FeatureMaps> {
    let maps: tf.Tensor4D | undefined;
    const input = inputOf(this.#taken, this.#shape);
    try {
      tf.tidy(() => {
        this.network.predict(input, {
          cut,
          onLayer: (name, output) => {
            if (name === layer) maps = tf.keep(tf.transpose(output, [0, 3, 2, 1]));
          },
        });
      });
      if (!maps) throw new Error(`The network has no layer ${layer}.`);
      const [, channels, frames, bins] = maps.shape;
      return sortMaps((await maps.data()) as Float32Array, channels, frames, bins);
    } finally {
      input.dispose();
      maps?.dispose();
    }
  }

  /**
   * How much each cell of the input would change one cell of the mask: |∂ mask / ∂ input| of the first channel, frames ×
   * bins (Luo et al. 2016).
   */
  async field(frame: number, bin: number, cut: ReadonlySet<number>): Promise<ReceptiveField> {
    this.#differentiable ??= networkOnBackend(this.#loaded, mainNetwork(this.manifest)[0], { differentiable: true });
    const network = await this.#differentiable;
    const { bins, frames, channels } = this.#shape;
    const at = (bin * frames + frame) * channels;
    const values = await valuesOf(
      inputOf(this.#taken, this.#shape),
      (input) =>
        tf.grad((x: tf.Tensor) => {
          const mask = network.predict(x as tf.Tensor4D, { cut });
          return tf.sum(tf.slice(tf.reshape(mask, [-1]), [at], [1]));
        })(input) as tf.Tensor4D,
    );
    const gradient = new Float32Array(frames * bins);
    for (let b = 0; b < bins; b++) {
      for (let f = 0; f < frames; f++) gradient[f * bins + b] = Math.abs(values[(b * frames + f) * channels]);
    }
    return { gradient, ...extent(gradient, frames, bins) };
  }

  dispose(): void {
    this.network.dispose();
    void this.#differentiable?.then((network) => network.dispose());
  }

  get #taken(): Patch {
    if (!this.#patch) throw new Error('take() comes first.');
    return this.#patch;
  }
}

/** The mask of the vocals for a patch, by one network. */
async function maskOf(
  patch: Patch,
  manifest: ModelManifest,
  network: FusedNetwork,
  cut: ReadonlySet<number>,
  mask: Float32Array,
): Promise<void> {
  const output = await valuesOf(inputOf(patch, networkShape(manifest)), (input) => network.predict(input, { cut }));
  patch.readMask([[mainNetwork(manifest)[0], output]], mask);
}

function inputOf(patch: Patch, { bins, frames, channels }: NetworkShape): tf.Tensor4D {
  const values = new Float32Array(bins * frames * channels);
  patch.writeInput(values);
  return tf.tensor4d(values, [1, bins, frames, channels]);
}

/** Runs a function on an input, and disposes of both tensors. */
async function valuesOf(input: tf.Tensor4D, run: (input: tf.Tensor4D) => tf.Tensor4D): Promise<Float32Array> {
  let output: tf.Tensor4D | undefined;
  try {
    output = tf.tidy(() => run(input));
    return (await output.data()) as Float32Array;
  } finally {
    input.dispose();
    output?.dispose();
  }
}

/** Channels sorted by their mean |activation|, each as bytes round 128 (inside-engine.ts). */
export function sortMaps(values: Float32Array, channels: number, frames: number, bins: number): FeatureMaps {
  const size = frames * bins;
  const strengths = Float32Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel * size; i < (channel + 1) * size; i++) sum += Math.abs(values[i]);
    return sum / size;
  });
  const order = Array.from(strengths.keys()).sort((a, b) => strengths[b] - strengths[a]);
  const maps = order.map((channel) => {
    const map = values.subarray(channel * size, (channel + 1) * size);
    const absolute = map.map(Math.abs);
    const greatest = absolute.reduce((most, value) => Math.max(most, value), 0);
    // Where fewer cells than that are not 0, the greatest is the scale.
    const scale = percentile(absolute, SHOWN_SHARE) || greatest;
    const unit = (value: number) => Math.min(1, Math.max(-1, value / (scale || 1)));
    const bytes = Uint8Array.from(map, (value) => 128 + Math.round(127 * unit(value)));
    return { channel, strength: strengths[channel], greatest, scale, bytes };
  });
  return { frames, bins, maps };
}

/** The smallest boxes round all cells with at least 1 % of the greatest gradient, and round all with any. */
function extent(gradient: Float32Array, frames: number, bins: number) {
  const most = gradient.reduce((a, b) => Math.max(a, b), 0);
  const box = (least: number) => {
    let [left, right, low, high] = [frames, -1, bins, -1];
    for (let frame = 0, at = 0; frame < frames; frame++) {
      for (let bin = 0; bin < bins; bin++, at++) {
        if (!(gradient[at] > least)) continue;
        left = Math.min(left, frame);
        right = Math.max(right, frame);
        low = Math.min(low, bin);
        high = Math.max(high, bin);
      }
    }
    return { frames: Math.max(0, right - left + 1), bins: Math.max(0, high - low + 1) };
  };
  return { strong: box(0.01 * most), any: box(0) };
}
