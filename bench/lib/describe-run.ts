import { cpus, loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { durationSeconds } from '../../src/audio/audio-data.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { parseManifest, type Quality } from '../../src/model/manifest.ts';
import { multiplyAdds } from '../../src/model/runtime/speed.ts';
import { findModel } from '../../tools/lib/model-folder.ts';
import { readSong } from '../../tools/lib/read-song.ts';
import { patchesOf } from './pace.ts';
import type { Report } from './results.ts';
import type { SongSource } from './song.ts';

/** The song that the page offers. */
export const DEMO = fileURLToPath(new URL('../../public/demo/mixture.mp3', import.meta.url));

/** What is about to be measured: everything of a report but its results, and where song and model are. */
export async function describeRun(flags: {
  readonly song?: string;
  readonly seconds?: number;
  readonly model?: string;
  readonly quality?: Quality;
}): Promise<Omit<Report, 'results'> & { readonly source: SongSource; readonly modelFolder: string }> {
  const modelFolder = await findModel(flags.model);
  const manifestBytes = await folderReader(modelFolder).read('manifest.json');
  const manifest = parseManifest(JSON.parse(new TextDecoder().decode(manifestBytes)), modelFolder);
  const source: SongSource =
    flags.seconds !== undefined ? { seconds: flags.seconds } : { file: resolve(flags.song ?? DEMO) };
  const facts =
    'file' in source
      ? await readSong(source.file).then((song) => ({
          seconds: durationSeconds(song),
          sampleRate: song.sampleRate,
          channels: song.channels.length,
        }))
      : { seconds: source.seconds, sampleRate: 44100, channels: 2 };
  return {
    date: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown processor',
      processors: cpus().length,
      node: process.version,
      loadAverage: loadavg(),
    },
    song: {
      name: 'file' in source ? basename(source.file) : 'made-up noise',
      ...facts,
      patches: patchesOf(facts.seconds, manifest),
    },
    model: { id: manifest.id, gmacPerPatch: multiplyAdds(manifest, flags.quality) / 1e9 },
    source,
    modelFolder,
  };
}
