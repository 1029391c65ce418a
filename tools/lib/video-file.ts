import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AudioShape } from '../../src/audio/encode/formats.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import { type VideoTarget, videoTarget } from '../../src/containers/file-types.ts';
import { replaceSound } from '../../src/containers/replace-sound.ts';
import { videoContainer } from '../../src/containers/video-container.ts';
import { CommandLineError } from './command-line-error.ts';
import { createStemFile, fileSink, type StemFile } from './stem-file.ts';

/** A video whose sound is replaced. */
export interface Video extends VideoTarget {
  readonly file: Blob;
  /** Which of its sound tracks is replaced, from 1; undefined: the default one. */
  readonly track?: number;
}

/**
 * Opens a video. Its `container` is the ending of the new files.
 *
 * @param shape of the new sound; only rate and channels matter here
 * @throws CommandLineError if the file has no moving picture
 */
export async function openVideo(path: string, shape: AudioShape, track?: number): Promise<Video> {
  const file = await openAsBlob(path);
  const container = await videoContainer(file);
  if (!container) {
    throw new CommandLineError(
      `“${path}” has no picture.`,
      'Leave --video out, or give an MP4, MOV, MKV or WebM video.',
    );
  }
  return { file, track, ...(await videoTarget(container, shape)) };
}

/**
 * Starts a copy of a video with another sound, which is written piece by piece: first into a file of its own, then the
 * video is copied around it.
 *
 * @param signal ends the copying; what was written is removed
 * @throws ExportError when the encoder does not start or the disk is full
 */
export async function createVideoFile(
  path: string,
  video: Video,
  shape: AudioShape,
  tags: SongTags,
  signal: AbortSignal,
): Promise<StemFile> {
  const soundPath = `${path}.sound`;
  const sound = await createStemFile(soundPath, video.format, shape, tags);
  return {
    write: sound.write,
    peak: sound.peak,
    async finish() {
      await sound.finish();
      try {
        const options = { ...video, video: video.file, sound: await openAsBlob(soundPath), shape };
        await replaceSound(await fileSink(path), options, signal);
      } finally {
        await rm(soundPath, { force: true });
      }
    },
    discard: sound.discard,
  };
}
