import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { encodeSamples, type WavFormat, wavHeader, wavPadding } from '../../src/audio/encode-wav.ts';

/** A WAV file that is written piece by piece, under a name of its own until it is whole. */
export interface WavFile {
  /** Appends samples: one array per channel, all of one length. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Ends the file and gives it its name. */
  finish(): Promise<void>;
  /** Takes away what was written so far; does nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Begins a WAV file of `samples` samples in each of `channels` channels.
 * @throws ParameterError when it would be larger than 4 GiB
 */
export async function createWavFile(
  path: string,
  shape: { readonly sampleRate: number; readonly channels: number; readonly samples: number },
  format: WavFormat,
): Promise<WavFile> {
  const header = wavHeader(shape.sampleRate, shape.channels, shape.samples, format);
  const partial = `${path}.part`;
  const file: FileHandle = await open(partial, 'w');
  await file.writeFile(header);
  let written = 0;
  let isOpen = true;
  return {
    async write(channels) {
      const length = channels[0].length;
      written += length;
      await file.writeFile(encodeSamples(channels, 0, length, format));
    },
    async finish() {
      if (written !== shape.samples) throw new Error(`${written} of ${shape.samples} samples were written to ${path}.`);
      await file.writeFile(wavPadding(shape.channels, shape.samples, format));
      isOpen = false;
      await file.close();
      await rename(partial, path);
    },
    async discard() {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
      await rm(partial, { force: true });
    },
  };
}
