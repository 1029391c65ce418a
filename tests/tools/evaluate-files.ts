import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type { Channels } from '../../src/metrics/sdr.ts';

/** Writes a floating-point WAV file, and the folder that it stands in. */
export async function writeWav(path: string, channels: Channels, sampleRate: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(encodeWav({ sampleRate, channels }, '32f')));
}

/** A sine of a whole number of hertz: over whole seconds, orthogonal to any other of them. */
export function tone(hertz: number, amplitude: number, sampleRate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / sampleRate),
  );
}
