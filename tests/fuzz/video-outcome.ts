import { memorySink } from '../../src/audio/encode/byte-sink.ts';
import { videoTarget } from '../../src/containers/file-types.ts';
import { replaceSound } from '../../src/containers/replace-sound.ts';
import { videoContainer } from '../../src/containers/video-container.ts';
import { UnsungError } from '../../src/core/errors.ts';
import { SHAPE } from '../containers/videos.ts';
import type { NamedFile } from './corpus.ts';

/** Bytes of a copy at most, for each byte of the video and its sound: damaged tables may name bytes several times. */
const MAX_GROWTH = 8;

/** A new sound in each format that a copy may need. */
export type Sounds = Readonly<Record<'m4a' | 'flac', Blob>>;

/**
 * Copies a video with another sound.
 *
 * @returns “copied”, “no video”, or the code of the error
 * @throws Error if something else comes of it
 */
export async function videoOutcome({ bytes }: NamedFile, sounds: Sounds): Promise<string> {
  const video = new Blob([Uint8Array.from(bytes)]);
  const container = await videoContainer(video);
  if (!container) return 'no video';
  const target = await videoTarget(container, SHAPE);
  const sound = target.format === 'm4a' ? sounds.m4a : sounds.flac;
  const sink = memorySink();
  let end = 0;
  const watched: typeof sink = {
    ...sink,
    async write(data, position) {
      end = Math.max(end, position + data.length);
      if (end > MAX_GROWTH * (bytes.length + sound.size)) throw new Error(`The copy has ${end} bytes.`);
      await sink.write(data, position);
    },
  };
  try {
    await replaceSound(watched, { video, sound, shape: SHAPE, ...target }, new AbortController().signal);
    return 'copied';
  } catch (error) {
    // Another code is that of the sink.
    if (!(error instanceof UnsungError) || error.code !== 'export.video-unreadable') throw error;
    return error.code;
  }
}
