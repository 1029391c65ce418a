import { safeFileName } from '../../audio/encode/file-names.ts';
import { type AudioShape, type ExportFormat, estimatedBytes, FORMATS } from '../../audio/encode/formats.ts';
import { type MixSettings, mixLabel, mixLength } from './mix-settings.ts';

/** What can be saved: a stem, both stems in one ZIP, or the current mix. */
export const EXPORT_KINDS = ['vocals', 'accompaniment', 'both', 'mix'] as const;

export type ExportKind = (typeof EXPORT_KINDS)[number];

/** What to save, and in which format. */
export interface ExportRequest {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** The song's name, without an ending. */
  readonly name: string;
  readonly mix: MixSettings;
}

/** Labels that follow the title in tags and file names. */
export const STEM_LABELS = { vocals: 'Vocals', accompaniment: 'Instrumental' } as const;

/** Name of the file that is saved. */
export function exportFileName({ kind, format, name, mix }: ExportRequest): string {
  if (kind === 'both') return safeFileName(name, ' (Stems)', 'zip');
  const label = kind === 'mix' ? mixLabel(mix) : STEM_LABELS[kind];
  return safeFileName(name, ` (${label})`, FORMATS[format].extension);
}

/** Media type of the file that is saved. */
export function exportMimeType({ kind, format }: ExportRequest): string {
  return kind === 'both' ? 'application/zip' : FORMATS[format].mimeType;
}

/** Estimated size of the file, bytes. */
export function exportBytes({ kind, format, mix }: ExportRequest, song: AudioShape): number {
  if (kind === 'both') return 2 * estimatedBytes(format, song);
  if (kind !== 'mix') return estimatedBytes(format, song);
  return estimatedBytes(format, { ...song, samples: mixLength(mix, song.samples) });
}
