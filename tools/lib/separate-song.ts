import { pcmSource, type Song } from '../../src/audio/pcm-source.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { type StemOutput, type WrittenStems, writeStems } from './write-stems.ts';

/**
 * Separates a song into files, at its rate and with its channels.
 *
 * @throws ExportError when a file cannot be written; ParameterError, BackendError as `separate`; the output's signal's
 * reason when it fires
 */
export async function separateSong(
  song: Song,
  model: Predictor,
  output: StemOutput,
  options: SeparationOptions = {},
): Promise<WrittenStems> {
  const { sampleRate, channelCount: channels, samples } = pcmSource(song);
  const chunks = separate(song, model, { ...options, signal: output.signal });
  return await writeStems(chunks, { sampleRate, channels, samples }, output);
}
