import { safeFileName } from '../../audio/encode/file-names.ts';
import { type AudioShape, type ExportFormat, estimatedBytes, FORMATS } from '../../audio/encode/formats.ts';
import {
  NI_STEMS_EXTENSION,
  NI_STEMS_MIME_TYPE,
  VIDEO_MIME_TYPES,
  type VideoTarget,
} from '../../containers/file-types.ts';
import { type MixSettings, mixLabel, mixLength, wholeMix } from './mix-settings.ts';

/** What can be saved of every song: a stem, both stems in one ZIP, the current mix, or NI Stems for DJs. */
export const EXPORT_KINDS = ['vocals', 'accompaniment', 'both', 'mix', 'stems'] as const;

/** What can be saved of a video: its picture with a stem or with the current mix. */
export const VIDEO_KINDS = ['video-vocals', 'video-accompaniment', 'video-mix'] as const;

export type VideoKind = (typeof VIDEO_KINDS)[number];

/** What can be saved while the difference of two results of a song is heard: it. */
export const DIFFERENCE_KIND = 'difference';

export type ExportKind = (typeof EXPORT_KINDS)[number] | VideoKind | typeof DIFFERENCE_KIND;

/** The sound of each kind of video. */
export const VIDEO_SOUNDS = {
  'video-vocals': 'vocals',
  'video-accompaniment': 'accompaniment',
  'video-mix': 'mix',
} as const;

export function isVideo(kind: ExportKind): kind is VideoKind {
  return kind in VIDEO_SOUNDS;
}

/** The video that a song came from. */
export interface ExportedVideo extends VideoTarget {
  /** Size of its file. */
  readonly bytes: number;
  /** The sound track that is replaced, from 1 on; undefined: the default one. */
  readonly track?: number;
}

/** What to save, and in which format. */
export interface ExportRequest {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** The song's name, without an ending. */
  readonly name: string;
  readonly mix: MixSettings;
  /** Only for videos: what they are copied to. */
  readonly video?: ExportedVideo;
}

/** Labels that follow the title in tags and file names. */
export const STEM_LABELS = {
  vocals: 'Vocals',
  accompaniment: 'Accompaniment',
  silence: 'Silence',
  [DIFFERENCE_KIND]: 'Difference',
} as const;

/** Name of the file that is saved. */
export function exportFileName({ kind, format, name, mix, video }: ExportRequest): string {
  if (kind === 'both') return safeFileName(name, ' (Stems)', 'zip');
  if (kind === 'stems') return safeFileName(name, '', NI_STEMS_EXTENSION);
  if (isVideo(kind)) {
    const sound = VIDEO_SOUNDS[kind];
    const label = sound === 'mix' ? mixLabel(wholeMix(mix)) : STEM_LABELS[sound];
    return safeFileName(name, ` (${label})`, video?.container ?? 'mp4');
  }
  const label = kind === 'mix' ? mixLabel(mix) : STEM_LABELS[kind];
  return safeFileName(name, ` (${label})`, FORMATS[format].extension);
}

/** Media type of the file that is saved. */
export function exportMimeType({ kind, format, video }: ExportRequest): string {
  if (kind === 'both') return 'application/zip';
  if (kind === 'stems') return NI_STEMS_MIME_TYPE;
  return isVideo(kind) ? VIDEO_MIME_TYPES[video?.container ?? 'mp4'] : FORMATS[format].mimeType;
}

/** Estimated size of the file, bytes. */
export function exportBytes({ kind, format, mix, video }: ExportRequest, song: AudioShape): number {
  if (kind === 'both') return 2 * estimatedBytes(format, song);
  if (kind === 'stems') return 3 * estimatedBytes('m4a', song);
  if (isVideo(kind)) return (video?.bytes ?? 0) + estimatedBytes(video?.format ?? 'm4a', song);
  if (kind !== 'mix') return estimatedBytes(format, song);
  return estimatedBytes(format, { ...song, samples: mixLength(mix, song.samples) });
}
