import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import type { ExportFormat } from '../../src/audio/export/formats.ts';
import { type SongTags, stemTags } from '../../src/audio/export/tags.ts';
import { outputLength } from '../../src/audio/resample.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { StemPaths } from './output-names.ts';
import { createStemFile, type StemFile } from './stem-file.ts';

/**
 * Separates a song into two files, at its rate and with its channels (`classic`: at the model's, mono). Each piece is
 * written as soon as it is finished; the files get their names at the end, so a run that breaks off leaves none that
 * are half full.
 *
 * @param onProgress receives the seconds that are done, and those of the whole song
 * @param source the song's name without an ending, and its tags, which go over to the stems
 * @returns the largest absolute sample of both stems
 * @throws ExportError when a file cannot be written; ParameterError, BackendError as `separate`; the signal's reason when it fires
 */
export async function separateSong(
  song: AudioData,
  model: Predictor,
  paths: StemPaths,
  format: ExportFormat,
  options: SeparationOptions,
  onProgress: (done: number, total: number) => void,
  source: { readonly name: string; readonly tags: SongTags },
): Promise<number> {
  const shape = options.classic ? classicShape(song, model) : shapeOf(song);
  const files: StemFile[] = [];
  try {
    await mkdir(dirname(paths.vocals), { recursive: true });
    for (const [path, label] of [
      [paths.vocals, 'Vocals'],
      [paths.accompaniment, 'Instrumental'],
    ]) {
      files.push(await createStemFile(path, format, shape, stemTags(source.tags, source.name, label)));
    }
    const [vocals, accompaniment] = files;
    for await (const chunk of separate(song, model, options)) {
      await Promise.all([vocals.write(chunk.vocals), accompaniment.write(chunk.accompaniment)]);
      onProgress(chunk.doneSamples / shape.sampleRate, chunk.totalSamples / shape.sampleRate);
    }
    for (const file of files) await file.finish();
    return Math.max(...files.map((file) => file.peak()));
  } finally {
    for (const file of files) await file.discard();
  }
}

function shapeOf(song: AudioData) {
  return { sampleRate: song.sampleRate, channels: song.channels.length, samples: sampleCount(song) };
}

function classicShape(song: AudioData, { manifest: { sampleRate } }: Predictor) {
  return { sampleRate, channels: 1, samples: outputLength(sampleCount(song), song.sampleRate, sampleRate) };
}
