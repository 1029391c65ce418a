import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import type { WavFormat } from '../../src/audio/encode-wav.ts';
import { type Predictor, separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { StemPaths } from './output-names.ts';
import { createWavFile, type WavFile } from './wav-file.ts';

/**
 * Separates a song into two WAV files, at its rate and with its channels. Each piece is written as soon as it is
 * finished; the files get their names at the end, so a run that breaks off leaves none that are half full.
 *
 * @param onProgress receives the seconds that are done, and those of the whole song
 * @throws ParameterError, BackendError as `separate`; the signal's reason when it fires
 */
export async function separateSong(
  song: AudioData,
  model: Predictor,
  paths: StemPaths,
  format: WavFormat,
  options: SeparationOptions,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const shape = { sampleRate: song.sampleRate, channels: song.channels.length, samples: sampleCount(song) };
  const files: WavFile[] = [];
  try {
    await mkdir(dirname(paths.vocals), { recursive: true });
    for (const path of [paths.vocals, paths.accompaniment]) files.push(await createWavFile(path, shape, format));
    const [vocals, accompaniment] = files;
    for await (const chunk of separate(song, model, options)) {
      await Promise.all([vocals.write(chunk.vocals), accompaniment.write(chunk.accompaniment)]);
      onProgress(chunk.doneSamples / song.sampleRate, chunk.totalSamples / song.sampleRate);
    }
    for (const file of files) await file.finish();
  } finally {
    for (const file of files) await file.discard();
  }
}
