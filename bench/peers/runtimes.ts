import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A runtime that is compared. */
export interface Runtime {
  readonly name: string;
  /** The program and its arguments; see Contender. */
  readonly command: readonly string[];
  /** Whether its outputs are bins × frames × channels, not channels × bins × frames. */
  readonly channelsLast: boolean;
  /** Rejects where it is not installed. */
  find(): Promise<unknown>;
  /** The command that installs it. */
  readonly install: string;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
/** With the loader of TypeScript that this process has. */
const inNode = (script: string, ...rest: string[]) => [process.execPath, ...process.execArgv, path(script), ...rest];

export const THIS_PROJECT: Runtime = {
  name: 'this project',
  command: inNode('unsung.ts'),
  channelsLast: true,
  find: async () => {},
  install: 'npm ci',
};

/** `web` computes in wasm, `node` in machine code. */
function onnxRuntime(kind: 'web' | 'node'): Runtime {
  return {
    name: `onnxruntime-${kind}`,
    command: inNode('onnxruntime.ts', kind),
    channelsLast: false,
    find: () => access(path(`node_modules/onnxruntime-${kind}`)),
    install: 'npm ci --prefix bench/peers',
  };
}

/** The runtimes that this project is compared with. @param python a command */
export function peers(python: string): readonly Runtime[] {
  const torch: Runtime = {
    name: 'PyTorch',
    command: [python, path('../../training/peers/time_torch.py')],
    channelsLast: false,
    find: () => promisify(execFile)(python, ['-c', 'import torch']),
    install: 'pip install -r training/requirements.txt',
  };
  return [onnxRuntime('web'), onnxRuntime('node'), torch];
}

/**
 * Writes the networks of a model as ONNX files, STEM.onnx.
 *
 * @throws Error when `python` lacks numpy or onnx
 */
export async function exportOnnx(python: string, model: string, folder: string): Promise<void> {
  await promisify(execFile)(python, [path('../../training/peers/export_onnx.py'), model, '--out', folder]);
}
