import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { basename } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import type { Quality } from '../../src/model/manifest.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { measureBackend } from './measure-backend.ts';
import { type Clocks, Stopwatch } from './measure-pass.ts';
import { type BackendResult, bestDuration, type Duration, type Failure } from './results.ts';
import { madeUpSong, type SongSource } from './song.ts';

/** The order to the process that measures. */
interface NodeJob {
  readonly backend: string;
  readonly modelFolder: string;
  readonly quality?: Quality;
  readonly source: SongSource;
  readonly repeats: number;
}

/** The answer of the process that measures. */
type NodeAnswer = Omit<BackendResult, 'place' | 'backend' | 'load'>;

/** The argument that makes this file the process that measures. */
const CHILD = '--measure-one-backend';
const FILE = fileURLToPath(import.meta.url);

/** Measures one backend in a process of its own, so that the peak memory is that of its separation. */
export async function measureInNode(job: NodeJob): Promise<BackendResult | Failure> {
  const child = fork(FILE, [CHILD]);
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

/** Processor time is that of all threads, the garbage collector's and the compiler's included. */
const clocks: Clocks = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** The process's peak memory in MB (10⁶ bytes). */
function peak(): number {
  // maxRSS is in kilobytes of 1024 bytes.
  return Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
}

async function openSong(source: SongSource, repeats: number): Promise<{ song: AudioData; decode?: Duration }> {
  if ('seconds' in source) return { song: madeUpSong(source.seconds) };
  const bytes = await readFile(source.file);
  const durations: Duration[] = [];
  let song: AudioData | undefined;
  for (let n = 0; n < repeats; n++) {
    const watch = new Stopwatch(clocks);
    const stop = watch.start();
    song = await decodeInNode(bytes, basename(source.file));
    stop();
    durations.push(watch.total);
  }
  if (!song) throw new Error('Nothing was decoded.');
  return { song, decode: bestDuration(durations) };
}

async function run({ backend, modelFolder, quality, source, repeats }: NodeJob): Promise<NodeAnswer> {
  prepareBackends();
  const loaded = await loadModel(folderReader(modelFolder));
  const { song, decode } = await openSong(source, repeats);
  const decoded = peak();
  let separated = decoded;
  const onPasses = (): void => {
    separated = peak();
  };
  const measured = await measureBackend(loaded, { backend, quality, song, clocks, batchSize: 1, repeats, onPasses });
  const memory = { 'peak, model loaded and song decoded': decoded, 'peak, song separated': separated };
  return { ...measured, decode, memory };
}

if (process.argv[2] === CHILD) {
  process.once('message', (job: NodeJob) => {
    run(job)
      .catch((error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }))
      .then((answer) => process.send?.(answer, () => process.disconnect()));
  });
}
