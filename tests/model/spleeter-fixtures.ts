import { readFile } from 'node:fs/promises';
import { buildFolder } from '../../src/model/import/build-model.ts';
import { readSafetensors } from '../../src/model/import/read-safetensors.ts';
import type { BuiltModel } from '../../src/model/import/types.ts';
import { type LoadedModel, loadModel } from '../../src/model/load.ts';
import {
  type ModelDescription,
  networksOf,
  parseDescription,
  QUALITIES,
  type Quality,
  type Stem,
} from '../../src/model/manifest.ts';
import type { NamedWeights, Weight } from '../../src/model/weights.ts';
import { fixturePath } from './fixtures.ts';

/** The small models of training/reference/spleeter_reference.py, like 2stems, 4stems and 5stems. */
export const SPLEETERS = ['spleeter', 'spleeter-elu', 'spleeter-logit'] as const;
export type SpleeterName = (typeof SPLEETERS)[number];

/** The networks of each model. */
export const SPLEETER_STEMS: Readonly<Record<SpleeterName, readonly Stem[]>> = {
  spleeter: ['vocals', 'accompaniment'],
  'spleeter-elu': ['vocals', 'drums', 'other'],
  'spleeter-logit': ['vocals', 'bass', 'piano'],
};

export interface SpleeterFixture {
  readonly description: ModelDescription;
  readonly weights: ReadonlyMap<Stem, NamedWeights>;
  /** PyTorch's input, patches × bins × frames × channels, and each network's output. */
  readonly input: Float32Array;
  readonly shape: [number, number, number, number];
  readonly outputs: ReadonlyMap<Stem, Float32Array>;
  /** For each quality, linear magnitudes and the mask of the vocals, patches × channels × frames × bins. */
  readonly qualities: Readonly<Record<Quality, { readonly magnitudes: Float32Array; readonly mask: Float32Array }>>;
  readonly divisor: number;
}

export async function readSpleeter(name: SpleeterName): Promise<SpleeterFixture> {
  const path = fixturePath(`${name}.safetensors`);
  const { metadata, tensors } = readSafetensors(await readFile(path), path);
  const description = parseDescription(JSON.parse(metadata.unsung), path);
  const reference = readSafetensors(await readFile(fixturePath(`${name}.values.safetensors`)), path);
  const values = new Map(reference.tensors.map((tensor) => [tensor.name, tensor]));
  const numbers = (key: string) => values.get(key)!.data;
  const stems = networksOf(description).map(([stem]) => stem);
  const qualities = QUALITIES.map((quality) => {
    const [magnitudes, mask] = ['magnitudes', 'mask'].map((part) => numbers(`${part}/${quality}`));
    return [quality, { magnitudes, mask }] as const;
  });
  return {
    description,
    weights: new Map(
      stems.map((stem) => {
        const own = tensors.filter((tensor) => tensor.name.startsWith(`${stem}/`));
        const named = own.map(({ name, shape, data }): [string, Weight] => [
          name.slice(stem.length + 1),
          { shape, values: Float32Array.from(data) },
        ]);
        return [stem, new Map(named)];
      }),
    ),
    input: numbers('input'),
    shape: [...values.get('input')!.shape] as [number, number, number, number],
    outputs: new Map(stems.map((stem) => [stem, numbers(`output/${stem}`)])),
    qualities: Object.fromEntries(qualities) as SpleeterFixture['qualities'],
    divisor: Number(reference.metadata.divisor),
  };
}

/** The folder of a model, as conversion writes it. */
export async function buildSpleeterFolder(name: SpleeterName): Promise<BuiltModel> {
  const { description, weights } = await readSpleeter(name);
  return buildFolder(description, weights, 'float32', name);
}

export async function loadBuilt({ files }: BuiltModel): Promise<LoadedModel> {
  return loadModel({ where: 'memory/', read: async (path) => files.get(path)!.slice() });
}
