import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { measureBackend } from '../lib/measure-backend.ts';
import { bestDuration, type Duration } from '../lib/results.ts';
import { madeUpSong, type SongSource } from '../lib/song.ts';
import { type Clocks, Stopwatch } from '../lib/stopwatch.ts';
import type { NodeAnswer, NodeJob } from './measure-node.ts';

/** All threads of the process, those of the garbage collector and the compiler included. */
const clocks: Clocks = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
/** resourceUsage gives kilobytes of 1024. */
const peak = (): number => megabytes(process.resourceUsage().maxRSS * 1024);

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

process.once('message', (job: NodeJob) => {
  run(job)
    .catch((error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});
