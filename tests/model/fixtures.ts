import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildGraph } from '../../src/model/graph/build-graph.ts';
import type { LayerGraph } from '../../src/model/graph/layer-graph.ts';
import { jansson } from '../../src/model/import/jansson.ts';
import { matchTensors } from '../../src/model/import/match-tensors.ts';
import { readSafetensors } from '../../src/model/import/read-safetensors.ts';
import type { NamedTensor, StoredType } from '../../src/model/import/types.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { type LoadedModel, loadModel } from '../../src/model/load.ts';
import { type ModelDescription, mainNetwork, parseDescription } from '../../src/model/manifest.ts';
import type { NamedWeights } from '../../src/model/weights.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';

/** The small U-Nets of training/reference/network_reference.py, with manifests of version 1. */
export const NETWORKS = ['paper', 'kernel-4', 'activation-norm', 'stereo'] as const;
export type NetworkName = (typeof NETWORKS)[number];

export function fixturePath(name: string): string {
  return join(import.meta.dirname, '../fixtures/model', name);
}

export interface Fixture {
  readonly description: ModelDescription;
  readonly graph: LayerGraph;
  readonly weights: NamedWeights;
  /** PyTorch's input and output, patches × rows × frames × channels. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly shape: [number, number, number, number];
  /** Linear magnitudes and their masks, patches × channels × frames × bins. */
  readonly magnitudes: Float32Array;
  readonly mask: Float32Array;
  readonly songMaximum: number;
}

export async function readFixture(name: NetworkName): Promise<Fixture> {
  const path = fixturePath(`${name}.safetensors`);
  const { metadata, tensors } = readSafetensors(await readFile(path), path);
  const stated = JSON.parse(metadata.unsung);
  const description = parseDescription({ output: 'mask', channels: 1, ...stated }, path);
  const graph = buildGraph(mainNetwork(description)[1]);
  const source = { tensors, prefix: '', network: 0 };
  const [weights] = matchTensors([{ source, graph }], jansson.layouts[0], path);
  const reference = readSafetensors(await readFile(fixturePath(`${name}.values.safetensors`)), path);
  const values = new Map(reference.tensors.map((tensor) => [tensor.name, tensor]));
  const input = values.get('input')!;
  const [patches, channels, rows, frames] = withChannels(input.shape);
  return {
    description,
    graph,
    weights,
    input: channelsLast(input),
    output: channelsLast(values.get('output')!),
    shape: [patches, rows, frames, channels],
    magnitudes: values.get('magnitudes')!.data,
    mask: values.get('mask')!.data,
    songMaximum: Number(reference.metadata.songMaximum),
  };
}

/** Fixtures with one channel have no channel axis. */
function withChannels(shape: readonly number[]): readonly number[] {
  return shape.length === 4 ? shape : [shape[0], 1, ...shape.slice(1)];
}

/** patches × channels × rows × frames to TensorFlow's order. */
function channelsLast({ shape, data }: NamedTensor): Float32Array {
  const [, channels, rows, frames] = withChannels(shape);
  const picture = rows * frames;
  return Float32Array.from(data, (_, at) => {
    const patch = Math.floor(at / (picture * channels));
    return data[(patch * channels + (at % channels)) * picture + (Math.floor(at / channels) % picture)];
  });
}

/** Creates a folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files to a folder that is removed when the test ends. */
export async function writeFiles(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

/** Writes the small network like `npm run convert`; returns the path of its folder. */
export async function convertFixture(name: NetworkName, dtype: StoredType = 'float32'): Promise<string> {
  const out = await temporaryFolder();
  return (await convertModel(fixturePath(`${name}.safetensors`), { out, dtype })).folder;
}

export async function loadFixture(name: NetworkName): Promise<LoadedModel> {
  return loadModel(folderReader(await convertFixture(name)));
}

/** A server's response for a file, from its content on disk and the number of earlier requests. */
export type Meddle = (path: string, bytes: Uint8Array, before: number) => Uint8Array | undefined;

/** Serves a folder over HTTP until the test ends. `requests` lists the requested paths. */
export async function serve(folder: string, meddle: Meddle = (_, bytes) => bytes) {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const [path] = (request.url ?? '/').slice(1).split('?');
    const before = requests.filter((earlier) => earlier === path).length;
    requests.push(path);
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    const sent = bytes && meddle(path, bytes, before);
    if (sent) response.writeHead(200, { 'Content-Length': sent.length }).end(sent);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** The largest difference of two arrays of the same length. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
