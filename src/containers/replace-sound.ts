import { BlobSource, Input, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny';
import type { ByteSink } from '../audio/encode/byte-sink.ts';
import { type AudioShape, type ExportFormat, encodedRate, unavailable } from '../audio/encode/formats.ts';
import { outputLength } from '../audio/resample.ts';
import { ExportError } from '../core/errors.ts';
import { readHead } from './isobmff/read-head.ts';
import { remuxFragments } from './isobmff/remux-fragments.ts';
import { replaceIsobmffSound } from './isobmff/replace-sound.ts';
import { replaceMatroskaSound } from './matroska/replace-sound.ts';
import { SinkWriter } from './sink-writer.ts';

/** The containers of videos, by the endings of their files. */
export type VideoContainer = 'mp4' | 'mov' | 'mkv' | 'webm';

export const VIDEO_MIME_TYPES: Readonly<Record<VideoContainer, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/matroska',
  webm: 'video/webm',
};

const CONTAINERS = new Map<unknown, VideoContainer>([
  [MP4, 'mp4'],
  [QTFF, 'mov'],
  [MATROSKA, 'mkv'],
  [WEBM, 'webm'],
]);

/** The container of a file with a moving picture; undefined: the file has none. Never throws. */
export async function videoContainer(file: Blob): Promise<VideoContainer | undefined> {
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const container = CONTAINERS.get(await input.getFormat());
    return (await input.getPrimaryVideoTrack()) ? container : undefined;
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

/** What a video becomes with another sound. */
export interface VideoTarget {
  readonly container: VideoContainer;
  /** The format of the sound that `replaceSound` takes. */
  readonly format: ExportFormat;
}

/**
 * The container of the new file, and the format of its sound: AAC in MP4 and MOV, FLAC in Matroska, Opus in WebM. Where
 * there is no encoder for Opus, a WebM file becomes Matroska. Sample rates that FLAC does not have are written as PCM.
 */
export async function videoTarget(container: VideoContainer, shape: AudioShape): Promise<VideoTarget> {
  if (container === 'mp4' || container === 'mov') return { container, format: 'm4a' };
  if (container === 'webm' && !(await unavailable('opus', shape))) return { container, format: 'opus' };
  return { container: 'mkv', format: (await unavailable('flac', shape)) ? 'wav24' : 'flac' };
}

/** What `replaceSound` works with. */
export interface ReplaceSoundOptions extends VideoTarget {
  readonly video: Blob;
  /** A file of the format. Its first sample is played at time 0 of the video. */
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
  if (head) await replaceIsobmffSound(writer, head, { video, sound, track }, signal, onProgress);
  else await remuxFragments(writer, { video, sound, container }, signal, onProgress);
}
