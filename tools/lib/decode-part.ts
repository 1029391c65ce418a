import type { SongStream } from '../../src/audio/decode/song-stream.ts';
import { CommandLineError } from './command-line-error.ts';
import { clock } from './progress.ts';
import { TemporaryPcm } from './temporary-pcm.ts';
import type { TimeRange } from './time-range.ts';

export interface DecodePartOptions {
  /** Where the temporary files lie. */
  readonly folder: string;
  /** The stream begins with it: see OpenSongOptions. */
  readonly range: TimeRange;
  readonly signal?: AbortSignal;
}

/**
 * Decodes a part of a song to disk, from the stream's first sample. Decoding ends where the part ends. A part that goes on after the song's end ends
 * with the song. The caller disposes of both.
 *
 * @throws CommandLineError when the song ends before the part begins; the signal's reason when it fires; as the stream
 */
export async function decodePart(
  stream: SongStream,
  { folder, range, signal }: DecodePartOptions,
): Promise<TemporaryPcm> {
  const { sampleRate, channels } = stream;
  const pcm = await TemporaryPcm.create(folder, sampleRate, channels);
  const first = Math.round(range.from * sampleRate);
  const wanted = Math.round(range.to * sampleRate) - first;
  try {
    for await (const piece of stream.pieces()) {
      signal?.throwIfAborted();
      await pcm.append(piece.map((channel) => channel.subarray(0, wanted - pcm.samples)));
      if (pcm.samples >= wanted) break;
    }
    if (pcm.samples === 0 && first > 0) {
      throw new CommandLineError(
        `The song ends at ${clock(stream.position / sampleRate)}, before the part begins at ${clock(range.from)}.`,
        'Choose an earlier --from.',
      );
    }
    return pcm;
  } catch (error) {
    await pcm.dispose();
    throw error;
  }
}
