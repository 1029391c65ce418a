import type { Job } from './job.ts';
import { type Program, readPatches, serve } from './serve.ts';

/** What both packages export of onnxruntime-common, as far as it is used here: they are not installed everywhere. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number }; readonly versions: Readonly<Record<string, string>> };
  readonly InferenceSession: { create(file: string, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
}

interface Session {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}

interface Tensor {
  readonly data: Float32Array;
}

/** `web`: onnxruntime-web, which computes in wasm; `node`: onnxruntime-node, which computes in machine code. */
const kind = process.argv[2];

async function prepare(job: Job): Promise<Program> {
  const { env, InferenceSession, Tensor }: OnnxRuntime = await import(`onnxruntime-${kind}`);
  const { networks, threads, channels, bins, frames } = job;
  env.wasm.numThreads = threads;
  const options = { intraOpNumThreads: threads, freeDimensionOverrides: { n: 1, bins, frames } };
  const sessions: Session[] = [];
  for (const { onnx } of networks) sessions.push(await InferenceSession.create(onnx, options));
  const inputs = await readPatches(job.inputs.channelsFirst, job);
  const tensors = inputs.map((values) => new Tensor('float32', values, [1, channels, bins, frames]));
  return {
    version: `onnxruntime-${kind} ${env.versions[kind]}`,
    async run() {
      const outputs: Float32Array[] = [];
      for (const magnitude of tensors) {
        for (const session of sessions) outputs.push((await session.run({ magnitude })).mask.data);
      }
      return outputs;
    },
  };
}

await serve(prepare);
