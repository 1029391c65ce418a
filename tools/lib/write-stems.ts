import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ExportFormat } from '../../src/audio/encode/formats.ts';
import { type SongTags, stemTags } from '../../src/audio/tags/song-tags.ts';
import type { StemChunk } from '../../src/separation/types.ts';
import type { StemPaths } from './output-names.ts';
import type { OnProgress } from './separate-whole.ts';
import { createStemFile, type StemFile } from './stem-file.ts';

/** The source of the stems: the song's name without extension, and its tags, which the stems get too. */
export interface StemSource {
  readonly name: string;
  readonly tags: SongTags;
}

/** Where and how to write the stems. */
export interface StemOutput {
  readonly paths: StemPaths;
  readonly format: ExportFormat;
  readonly source: StemSource;
  /** Receives the finished seconds and those of the whole song. */
  readonly onProgress?: OnProgress;
}

/**
 * Writes the stems of a song to two files, each piece as soon as it is finished. The files get their names at the end,
 * so an interrupted run leaves no incomplete stems.
 *
 * @param shape of the stems
 * @returns the largest absolute sample of both stems
 * @throws ExportError when a file cannot be written; whatever `chunks` throws
 */
export async function writeStems(
  chunks: AsyncIterable<StemChunk>,
  shape: { readonly sampleRate: number; readonly channels: number; readonly samples: number },
  { paths, format, source, onProgress }: StemOutput,
): Promise<number> {
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
    for await (const chunk of chunks) {
      await Promise.all([vocals.write(chunk.vocals), accompaniment.write(chunk.accompaniment)]);
      onProgress?.(chunk.doneSamples / shape.sampleRate, chunk.totalSamples / shape.sampleRate);
    }
    for (const file of files) await file.finish();
    return Math.max(...files.map((file) => file.peak()));
  } finally {
    for (const file of files) await file.discard();
  }
}
