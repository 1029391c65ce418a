import { defaultFormat, peakOf, stemLevel } from '../../src/audio/encode/default-format.ts';
import type { AudioShape, ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SampleDepth } from '../../src/audio/sample-depth.ts';
import { type SongTags, stemTags } from '../../src/audio/tags/song-tags.ts';
import type { Message } from '../../src/core/message.ts';
import type { StemChunk } from '../../src/separation/types.ts';
import { STEMS, type Stem, type StemPaths } from './output-names.ts';
import type { OnProgress } from './separate-whole.ts';
import { createStemFile, type StemFile } from './stem-file.ts';
import { TemporaryPcm } from './temporary-pcm.ts';

/** What a stem is called in its title. */
const LABELS: Readonly<Record<Stem, string>> = { vocals: 'Vocals', accompaniment: 'Instrumental' };

/** Samples that are encoded at once. */
const BLOCK = 1 << 16;

/** The source of the stems: the song's name without extension, and its tags, which the stems get too. */
export interface StemSource {
  readonly name: string;
  readonly tags: SongTags;
  /** How its file stores samples; undefined: not known. */
  readonly depth?: SampleDepth;
}

/** Where and how to write the stems. */
export interface StemOutput {
  /** The files; a stem without a path is not written. */
  readonly paths: Partial<StemPaths>;
  /** undefined: WAV that keeps what the song and the stems have; see defaultFormat. */
  readonly format?: ExportFormat;
  readonly source: StemSource;
  /** Folder for temporary files of their size. */
  readonly folder: string;
  /** Receives the finished seconds and those of the whole song. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** How the stems were written. */
export interface WrittenStems {
  readonly format: ExportFormat;
  /** What a person should know of it. */
  readonly notes: readonly Message[];
}

/**
 * Writes the stems of a song to files. Each piece goes to temporary files as soon as it is finished: only when all are
 * there the stems' level is known, and with it the format that holds them. The files get their names at the end, so an
 * interrupted run leaves no incomplete stems.
 *
 * @param chunks in order
 * @param shape of the stems
 * @throws ExportError when a file cannot be written; whatever `chunks` throws; the signal's reason when it fires
 */
export async function writeStems(
  chunks: AsyncIterable<StemChunk>,
  shape: AudioShape,
  output: StemOutput,
): Promise<WrittenStems> {
  const stems = new Map<Stem, TemporaryPcm>();
  try {
    for (const stem of STEMS) {
      if (output.paths[stem] === undefined) continue;
      stems.set(stem, await TemporaryPcm.create(output.folder, shape.sampleRate, shape.channels));
    }
    // Of both stems, also where only one is written: the other may be written later, at the same level.
    let peak = 0;
    for await (const chunk of chunks) {
      peak = Math.max(peak, peakOf(chunk.vocals), peakOf(chunk.accompaniment));
      for (const [stem, pcm] of stems) await pcm.append(chunk[stem]);
      output.onProgress?.(chunk.doneSamples / shape.sampleRate, chunk.totalSamples / shape.sampleRate);
    }
    const { format, gain, note } = levelOf(output, peak);
    await encode(stems, shape, { ...output, format, gain });
    return { format, notes: note ? [note] : [] };
  } finally {
    for (const pcm of stems.values()) await pcm.dispose();
  }
}

function levelOf({ format, source }: StemOutput, peak: number) {
  if (format === undefined) return { ...defaultFormat({ depth: source.depth, peak }), gain: 1 };
  return { format, ...stemLevel(format, peak) };
}

async function encode(
  stems: ReadonlyMap<Stem, TemporaryPcm>,
  shape: AudioShape,
  { paths, format, gain, source, signal }: StemOutput & { readonly format: ExportFormat; readonly gain: number },
): Promise<void> {
  const files: StemFile[] = [];
  try {
    for (const [stem, pcm] of stems) {
      const file = await createStemFile(paths[stem]!, format, shape, stemTags(source.tags, source.name, LABELS[stem]));
      files.push(file);
      for (let start = 0; start < pcm.samples; start += BLOCK) {
        signal?.throwIfAborted();
        const block = await pcm.read(start, Math.min(pcm.samples, start + BLOCK));
        await file.write(gain === 1 ? block : block.map((channel) => channel.map((value) => value * gain)));
      }
    }
    for (const file of files) await file.finish();
  } finally {
    for (const file of files) await file.discard();
  }
}
