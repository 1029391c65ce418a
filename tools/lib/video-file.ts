import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AudioShape } from '../../src/audio/encode/formats.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import type { VideoContainer, VideoTarget } from '../../src/containers/file-types.ts';
import { replaceSound } from '../../src/containers/replace-sound.ts';
import { videoContainer } from '../../src/containers/video-container.ts';
import { CommandLineError } from './command-line-error.ts';
import { createStemFile, fileSink, type StemFile } from './stem-file.ts';

/** A video whose sound is replaced. */
export interface Video {
  readonly file: Blob;
  readonly container: VideoContainer;
  /** Which of its sound tracks is replaced, from 1; undefined: the default one. */
  readonly track?: number;
}

/**
 * Opens a video.
 * @throws CommandLineError if the file has no moving picture
 */
export async function openVideo(path: string, track?: number): Promise<Video> {
  const file = await openAsBlob(path);
  const container = await videoContainer(file);
  if (container) return { file, container, track };
  throw new CommandLineError(`“${path}” has no picture.`, 'Leave --video out, or give an MP4, MOV, MKV or WebM video.');
}

/** Ending of a video's copies; of a file that is none, any. Node has no encoder for Opus, which WebM needs. */
export async function videoExtension(path: string): Promise<string> {
  const { container } = await openVideo(path).catch(() => ({ container: 'mp4' }));
  return container === 'webm' ? 'mkv' : container;
}

/**
 * Starts a copy of a video with another sound, which is written piece by piece: first into a file of its own, then the
 * video is copied around it.
 *
 * @param target what the video is copied to; see videoTarget
 * @param signal ends the copying; what was written is removed
 * @throws ExportError when the encoder does not start or the disk is full
 */
export async function createVideoFile(
  path: string,
  video: Video,
  target: VideoTarget,
  shape: AudioShape,
  tags: SongTags,
  signal: AbortSignal,
): Promise<StemFile> {
  const soundPath = `${path}.sound`;
  const sound = await createStemFile(soundPath, target.format, shape, tags);
  return {
    write: sound.write,
    async finish() {
      await sound.finish();
      try {
        const { file, track } = video;
        const options = { video: file, track, sound: await openAsBlob(soundPath), shape, ...target };
        await replaceSound(await fileSink(path), options, signal);
      } finally {
        await rm(soundPath, { force: true });
      }
    },
    discard: sound.discard,
  };
}
