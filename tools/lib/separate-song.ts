import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { type StemOutput, writeStems } from './write-stems.ts';

/**
 * Separates a song into two files, at its rate and with its channels.
 *
 * @returns the largest absolute sample of both stems
 * @throws ExportError when a file cannot be written; ParameterError, BackendError as `separate`; the signal's reason
 * when it fires
 */
export async function separateSong(
  song: AudioData,
  model: Predictor,
  output: StemOutput,
  options: SeparationOptions = {},
): Promise<number> {
  const shape = { sampleRate: song.sampleRate, channels: song.channels.length, samples: sampleCount(song) };
  return await writeStems(separate(song, model, options), shape, output);
}
