import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Quality } from '../../src/model/manifest.ts';
import type { BackendResult, Failure } from '../lib/results.ts';
import type { SongSource } from '../lib/song.ts';

/** What the process that measures is told. */
export interface NodeJob {
  readonly backend: string;
  readonly modelFolder: string;
  readonly quality?: Quality;
  readonly source: SongSource;
  readonly repeats: number;
}

/** What it answers. */
export type NodeAnswer = Omit<BackendResult, 'place' | 'backend' | 'load'>;

/** Measures one backend in a process of its own, whose peak memory is then that of the separation. */
export async function measureInNode(job: NodeJob): Promise<BackendResult | Failure> {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)));
  const answered = new Promise<NodeAnswer | { readonly failed: string }>((resolve) => {
    child.once('message', (answer) => resolve(answer as NodeAnswer));
    child.once('exit', (code, signal) => resolve({ failed: `The process ended (${signal ?? code}).` }));
  });
  child.send(job);
  const answer = await answered;
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const { backend } = job;
  if ('failed' in answer) return { place: 'Node', backend, failed: answer.failed };
  return { place: 'Node', backend, ...answer, load: loadavg()[0] };
}
