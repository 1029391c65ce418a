import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { encodeSamples, type WavFormat, wavHeader, wavPadding } from '../audio/encode-wav.ts';

/** The two stems that can be saved. */
export type Stem = 'vocals' | 'accompaniment';

/** Samples encoded in one go: a few milliseconds. */
const SLICE = 1 << 16;

/** Bytes that are handed to a blob together: out of the page's heap early, and not in thousands of crumbs. */
const BLOB_BYTES = 8_388_608;

/** Name of the file that a stem is saved as. */
export function stemFileName(songName: string, stem: Stem): string {
  return `${songName}.${stem}.wav`;
}

/** Samples [start, end) of a stem; the accompaniment is original − vocals. */
export function stemSlice(
  stem: Stem,
  original: AudioData,
  vocals: AudioData,
  start: number,
  end: number,
): readonly Float32Array[] {
  const voice = vocals.channels.map((channel) => channel.subarray(start, end));
  if (stem === 'vocals') return voice;
  return original.channels.map((channel, c) => channel.slice(start, end).map((value, i) => value - voice[c][i]));
}

/**
 * A stem as a WAV file, made slice by slice with `pause()` between the slices, so that the page stays awake.
 * @param onProgress Receives the finished part, 0 to 1.
 * @throws ParameterError when the file would be larger than a WAV file can be (4 GiB).
 */
export async function stemToWav(
  stem: Stem,
  original: AudioData,
  vocals: AudioData,
  format: WavFormat,
  pause: () => Promise<void>,
  onProgress: (part: number) => void = () => undefined,
): Promise<Blob> {
  const samples = sampleCount(original);
  const blobs: Blob[] = [];
  let pieces = [wavHeader(original.sampleRate, original.channels.length, samples, format)];
  let bytes = 0;
  for (let start = 0; start < samples; start += SLICE) {
    const end = Math.min(samples, start + SLICE);
    const piece = encodeSamples(stemSlice(stem, original, vocals, start, end), 0, end - start, format);
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= BLOB_BYTES) {
      blobs.push(new Blob(pieces));
      pieces = [];
      bytes = 0;
    }
    onProgress(end / samples);
    await pause();
  }
  pieces.push(wavPadding(original.channels.length, samples, format));
  return new Blob([...blobs, ...pieces], { type: 'audio/wav' });
}
