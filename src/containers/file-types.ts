import { type AudioShape, type ExportFormat, unavailable } from '../audio/encode/formats.ts';

/** The containers of videos, by the endings of their files. */
export type VideoContainer = 'mp4' | 'mov' | 'mkv' | 'webm';

export const VIDEO_MIME_TYPES: Readonly<Record<VideoContainer, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/matroska',
  webm: 'video/webm',
};

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

/** Media type of NI Stems. */
export const NI_STEMS_MIME_TYPE = 'video/mp4';

/** Ending of the name of an NI Stems file. */
export const NI_STEMS_EXTENSION = 'stem.mp4';
