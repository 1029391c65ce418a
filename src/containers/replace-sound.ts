import type { ByteSink } from '../audio/encode/byte-sink.ts';
import { type AudioShape, encodedRate } from '../audio/encode/formats.ts';
import { outputLength } from '../audio/resample.ts';
import { ExportError } from '../core/errors.ts';
import type { VideoTarget } from './file-types.ts';
import { readHead } from './isobmff/read-head.ts';
import { remuxFragments } from './isobmff/remux-fragments.ts';
import { replaceIsobmffSound } from './isobmff/replace-sound.ts';
import { replaceMatroskaSound } from './matroska/replace-sound.ts';
import { SinkWriter } from './sink-writer.ts';

/** What `replaceSound` works with. */
export interface ReplaceSoundOptions extends VideoTarget {
  readonly video: Blob;
  /** A file of the format, with the samples that the decoder returns for the video's sound, changed. */
  readonly sound: Blob;
  /** Of the sound before it was encoded. */
  readonly shape: AudioShape;
  /** Which of the video's sound tracks is replaced, from 1; undefined: the default one. */
  readonly track?: number;
}

/**
 * Copies a video with another sound. Nothing is encoded: pictures, subtitles, chapters and attachments are copied byte
 * for byte, with their times. Of several sound tracks, the new one takes the place of one; the others are left out. The
 * files are read in parts, whatever their length.
 *
 * @param onProgress receives the finished part, 0 to 1
 * @throws ExportError if the video cannot be read, or the sink fails; the signal's reason. The sink is aborted then.
 */
export async function replaceSound(
  sink: ByteSink,
  options: ReplaceSoundOptions,
  signal: AbortSignal,
  onProgress: (part: number) => void = () => {},
): Promise<void> {
  const writer = new SinkWriter(sink);
  try {
    await copyWithSound(writer, options, signal, onProgress);
    await writer.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    signal.throwIfAborted();
    throw error instanceof ExportError ? error : new ExportError('export.video-unreadable', {}, { cause: error });
  }
}

async function copyWithSound(
  writer: SinkWriter,
  { video, sound, shape, container, format, track }: ReplaceSoundOptions,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  if (container === 'mkv' || container === 'webm') {
    const samples = outputLength(shape.samples, shape.sampleRate, encodedRate(format, shape.sampleRate));
    const docType = container === 'mkv' ? 'matroska' : 'webm';
    await replaceMatroskaSound(writer, { video, sound, samples, track, docType }, signal, onProgress);
    return;
  }
  const head = await readHead(video);
  if (!head) throw new ExportError('export.video-unreadable');
  if (!head.isFragmented) await replaceIsobmffSound(writer, head, { video, sound, track }, signal, onProgress);
  else await remuxFragments(writer, { video, sound, container }, signal, onProgress);
}
