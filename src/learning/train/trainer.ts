import * as tf from '@tensorflow/tfjs-core';
// TF.js registers its gradients separately; without this, there are none.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { activate } from '../../model/graph/activation.ts';
import { buildGraph } from '../../model/graph/build-graph.ts';
import { INPUT, type LayerGraph, type LayerNode, nodesOf, weightShapes } from '../../model/graph/layer-graph.ts';
import { type ModelDescription, mainNetwork } from '../../model/manifest.ts';
import { networkShape } from '../../model/network-shape.ts';
import { Patch } from '../../model/patch.ts';
import { checkWeights, type NamedWeights, type Weight } from '../../model/weights.ts';
import { convolve, deconvolve } from './convolution.ts';
import type { Example, TrainingMixes } from './training-mixes.ts';

/** Share of the old value in the running means of batch norm. */
const MOMENTUM = 0.9;

export interface TrainSettings {
  readonly learningRate: number;
  /** Mixes in one step. */
  readonly batch: number;
}

/** The result of one step. */
export interface StepResult {
  readonly step: number;
  /** Mean |mask × mixture − voice| of the batch, magnitudes divided by the mixture's greatest. */
  readonly loss: number;
}

/**
 * Trains a U-Net on the backend in use: random mixes, the absolute difference as loss, Adam (Kingma & Ba 2015). The same seed
 * and backend give the same steps.
 */
export class Trainer {
  readonly description: ModelDescription;
  readonly #graph: LayerGraph;
  readonly #source: TrainingMixes;
  readonly #seed: number;
  readonly #variables = new Map<string, tf.Variable>();
  #optimizer: tf.AdamOptimizer;
  #steps = 0;

  constructor(description: ModelDescription, source: TrainingMixes, settings: TrainSettings, seed: number) {
    this.description = description;
    this.#graph = buildGraph(mainNetwork(description)[1]);
    this.#source = source;
    this.#seed = seed;
    this.#optimizer = tf.train.adam(settings.learningRate);
    let n = 0;
    for (const [name, shape] of weightShapes(this.#graph)) {
      const start = tf.tidy(() => firstValues(name, shape, seed + n++));
      this.#variables.set(name, tf.variable(start, !name.includes('moving_')));
      start.dispose();
    }
  }

  get steps(): number {
    return this.#steps;
  }

  /** One step on a new batch. */
  async step({ learningRate, batch }: TrainSettings): Promise<StepResult> {
    // Adam reads it at each step; only its type hides it.
    (this.#optimizer as unknown as { learningRate: number }).learningRate = learningRate;
    const examples = Array.from({ length: batch }, (_, n) => this.#source.mix(this.#seed + this.#steps * 64 + n));
    const tensors = this.#tensors(examples);
    const moments: { readonly name: string; readonly mean: tf.Tensor; readonly variance: tf.Tensor }[] = [];
    const trained = [...this.#variables.values()].filter(({ trainable }) => trainable);
    let cost: tf.Scalar | null = null;
    try {
      cost = this.#optimizer.minimize(
        () => {
          const mask = this.#forward(tensors.input, (name, mean, variance) => {
            moments.push({ name, mean: tf.keep(mean.clone()), variance: tf.keep(variance.clone()) });
          });
          return tf.mean(tf.abs(tf.sub(tf.mul(mask, tensors.mixture), tensors.voice))) as tf.Scalar;
        },
        true,
        trained,
      );
      for (const { name, mean, variance } of moments) {
        this.#blend(`${name}/moving_mean`, mean);
        this.#blend(`${name}/moving_variance`, variance);
      }
      this.#steps++;
      return { step: this.#steps, loss: (await cost?.data())?.[0] ?? Number.NaN };
    } finally {
      cost?.dispose();
      for (const tensor of [...Object.values(tensors), ...moments.flatMap(({ mean, variance }) => [mean, variance])]) {
        tensor.dispose();
      }
    }
  }

  /** The network's mask of one example, bins × frames, and its loss; batch norm uses its running means. */
  async mask(example: Example): Promise<{ readonly mask: Float32Array; readonly loss: number }> {
    const tensors = this.#tensors([example]);
    const mask = tf.tidy(() => this.#forward(tensors.input));
    const loss = tf.tidy(() => tf.mean(tf.abs(tf.sub(tf.mul(mask, tensors.mixture), tensors.voice))));
    try {
      return { mask: (await mask.data()) as Float32Array, loss: (await loss.data())[0] };
    } finally {
      for (const tensor of [mask, loss, ...Object.values(tensors)]) tensor.dispose();
    }
  }

  /** The current weights, by the names of layer-graph.ts. */
  async weights(): Promise<NamedWeights> {
    const weights = new Map<string, Weight>();
    for (const [name, variable] of this.#variables) {
      weights.set(name, { shape: variable.shape, values: Float32Array.from(await variable.data()) });
    }
    return weights;
  }

  /** Continues from other weights. @throws ModelError when they belong to another network */
  load(weights: NamedWeights): void {
    checkWeights(weights, this.#graph, 'the network');
    for (const [name, variable] of this.#variables) {
      const { values, shape } = weights.get(name) as Weight;
      tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
    }
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    this.#optimizer.dispose();
  }

  #blend(name: string, value: tf.Tensor): void {
    const variable = this.#variables.get(name);
    if (variable) tf.tidy(() => variable.assign(tf.add(tf.mul(variable, MOMENTUM), tf.mul(value, 1 - MOMENTUM))));
  }

  /** @param onMoments given in training: batch norm then uses the batch, and reports its moments */
  #forward(input: tf.Tensor4D, onMoments?: OnMoments): tf.Tensor4D {
    const outputs = new Map([[INPUT, input]]);
    let last = input;
    for (const node of nodesOf(this.#graph)) {
      last = this.#compute(
        node,
        node.inputs.map((name) => outputs.get(name)!),
        onMoments,
      );
      outputs.set(node.name, last);
    }
    return last;
  }

  #compute({ name, operation }: LayerNode, inputs: readonly tf.Tensor4D[], onMoments?: OnMoments): tf.Tensor4D {
    const value = (part: string) => this.#variables.get(`${name}/${part}`) as tf.Variable;
    const [x] = inputs;
    switch (operation.kind) {
      case 'convolution':
        return tf.add(convolve(x, value('kernel') as unknown as tf.Tensor4D), value('bias'));
      case 'transposed-convolution':
        return tf.add(deconvolve(x, value('kernel') as unknown as tf.Tensor4D), value('bias'));
      case 'concatenate':
        return tf.concat([...inputs], 3);
      case 'activation':
        return activate(x, operation.activation);
      case 'batch-norm': {
        let mean: tf.Tensor = value('moving_mean');
        let variance: tf.Tensor = value('moving_variance');
        if (onMoments) {
          ({ mean, variance } = tf.moments(x, [0, 1, 2]));
          onMoments(name, mean, variance);
        }
        const scale = tf.mul(value('gamma'), tf.rsqrt(tf.add(variance, operation.epsilon)));
        return tf.add(tf.mul(tf.sub(x, mean), scale), value('beta'));
      }
    }
  }

  #tensors(examples: readonly Example[]) {
    const { bins, frames } = networkShape(this.description);
    const size = bins * frames;
    const input = new Float32Array(examples.length * size);
    const mixture = new Float32Array(input.length);
    const voice = new Float32Array(input.length);
    for (const [n, example] of examples.entries()) {
      new Patch(example.magnitudes, this.description, 0).writeInput(input.subarray(n * size, (n + 1) * size));
      mixture.set(example.mixture, n * size);
      voice.set(example.voice, n * size);
    }
    const shape: [number, number, number, number] = [examples.length, bins, frames, 1];
    return { input: tf.tensor4d(input, shape), mixture: tf.tensor4d(mixture, shape), voice: tf.tensor4d(voice, shape) };
  }
}

type OnMoments = (name: string, mean: tf.Tensor, variance: tf.Tensor) => void;

/** Kernels: random as in He et al. 2015, from a seed. Everything else: values that change nothing. */
function firstValues(name: string, shape: readonly number[], seed: number): tf.Tensor {
  if (name.endsWith('/kernel')) {
    const decoder = name.startsWith('decoder');
    // At each place, a transposed convolution of stride 2 uses a quarter of its taps.
    const fan = shape[0] * shape[1] * (decoder ? shape[3] / 4 : shape[2]);
    return tf.randomNormal([...shape], 0, Math.sqrt(2 / fan), 'float32', seed);
  }
  return /gamma|variance/.test(name) ? tf.ones([...shape]) : tf.zeros([...shape]);
}
