import { Output, StreamTarget } from 'mediabunny';
import { ExportError, messageOf } from '../../core/errors.ts';
import type { SongTags } from '../tags/song-tags.ts';
import { openTrack } from './audio-track.ts';
import { type ByteSink, writeFault } from './byte-sink.ts';
import type { AudioShape, ExportFormat } from './formats.ts';
import { writtenTags } from './written-tags.ts';

/** An audio file that is written piece by piece. After an error, only `cancel` may be called. */
export interface AudioFile {
  /** Appends samples: one array per channel, all of one length; they may lie in shared memory. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Completes the file. */
  finish(): Promise<void>;
  /** Removes what was written so far. */
  cancel(): Promise<void>;
}

/** Samples per channel that are encoded at a time. */
const SLICE = 1 << 14;

/** Bytes that are passed to the sink at a time. */
const CHUNK_BYTES = 1 << 22;

/**
 * Begins a file. Lossless formats decode to the given samples (integers rounded as by `encodeSamples`, FLAC to 24
 * bits). Lossy formats decode to as many samples, in sync: the file states the encoder's delay and padding (MP3: Info
 * tag, M4A: edit list, Opus: pre-skip and last granule position).
 *
 * @param shape of what will be written; `samples` must be exact
 * @throws ExportError if the encoder does not start, or the sink fails
 */
export async function createAudioFile(
  sink: ByteSink,
  format: ExportFormat,
  shape: AudioShape,
  tags: SongTags,
): Promise<AudioFile> {
  let fault: ExportError | undefined;
  let length = 0;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw fault ?? (cause instanceof ExportError ? cause : encoderFault(cause));
    }
  };
  const write: ByteSink['write'] = async (data, position) => {
    length = Math.max(length, position + data.length);
    try {
      await sink.write(data, position);
    } catch (cause) {
      fault ??= writeFault(cause);
      throw fault;
    }
  };
  const target = new StreamTarget(new WritableStream({ write: ({ data, position }) => write(data, position) }), {
    chunked: true,
    chunkSize: CHUNK_BYTES,
  });
  const { container, source, track } = await guarded(() => openTrack(format, shape, tags, write));
  const output = new Output({ format: container, target });
  output.addAudioTrack(source);
  if (Object.keys(tags).length > 0) output.setMetadataTags(writtenTags(format, tags));
  await guarded(() => output.start());
  return {
    write: (channels) =>
      guarded(async () => {
        for (let start = 0; start < channels[0].length; start += SLICE) {
          await track.write(channels.map((channel) => channel.subarray(start, start + SLICE)));
        }
      }),
    finish: () =>
      guarded(async () => {
        await track.end();
        await output.finalize();
        await track.amend(length);
        await sink.close().catch((cause: unknown) => {
          throw writeFault(cause);
        });
      }),
    async cancel() {
      // Errors while cancelling do not matter to anyone.
      await track.cancel().catch(() => undefined);
      await output.cancel().catch(() => undefined);
      await sink.abort();
    },
  };
}

function encoderFault(cause: unknown): ExportError {
  return new ExportError('export.encoder', { detail: messageOf(cause) }, { cause });
}
