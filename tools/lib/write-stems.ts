import { defaultFormat, peakOf, stemLevel } from '../../src/audio/encode/default-format.ts';
import type { AudioShape, ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SampleDepth } from '../../src/audio/sample-depth.ts';
import { type SongTags, stemTags } from '../../src/audio/tags/song-tags.ts';
import { type VideoTarget, videoTarget } from '../../src/containers/file-types.ts';
import type { Message } from '../../src/core/message.ts';
import type { StemChunk } from '../../src/separation/types.ts';
import { createNiStemsFile } from './ni-stems-file.ts';
import { type OutputPaths, STEMS, type Stem } from './output-names.ts';
import type { OnProgress } from './separate-whole.ts';
import { createStemFile, type StemFile } from './stem-file.ts';
import { TemporaryPcm } from './temporary-pcm.ts';
import { createVideoFile, type Video } from './video-file.ts';

/** What a stem is called in its title. */
const LABELS: Readonly<Record<Stem, string>> = { vocals: 'Vocals', accompaniment: 'Accompaniment' };

type Stems = ReadonlyMap<Stem, TemporaryPcm>;

/** A signal for callers without one. */
const NEVER = new AbortController().signal;

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
  /** The files; what has no path is not written. */
  readonly paths: OutputPaths;
  /** The video that is copied with each stem as its sound; undefined: the stems are files of sound. */
  readonly video?: Video;
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
      if (output.paths[stem] === undefined && output.paths.stems === undefined) continue;
      stems.set(stem, await TemporaryPcm.create(output.folder, shape.sampleRate, shape.channels));
    }
    // Of both stems, also where only one is written: the other may be written later, at the same level.
    let peak = 0;
    for await (const chunk of chunks) {
      peak = Math.max(peak, peakOf(chunk.vocals), peakOf(chunk.accompaniment));
      for (const [stem, pcm] of stems) await pcm.append(chunk[stem]);
      output.onProgress?.(chunk.doneSamples / shape.sampleRate, chunk.totalSamples / shape.sampleRate);
    }
    const target = output.video && (await videoTarget(output.video.container, shape));
    const chosen = target?.format ?? (output.paths.stems === undefined ? output.format : 'm4a');
    const { format, gain, note } = levelOf({ ...output, format: chosen }, peak);
    await encode(stems, shape, { ...output, format, gain, target });
    return { format, notes: note ? [note] : [] };
  } finally {
    for (const pcm of stems.values()) await pcm.dispose();
  }
}

function levelOf({ format, source }: StemOutput, peak: number) {
  if (format === undefined) return { ...defaultFormat({ depth: source.depth, peak }), gain: 1 };
  return { format, ...stemLevel(format, peak) };
}

interface Encoding extends StemOutput {
  readonly format: ExportFormat;
  readonly gain: number;
  /** What the video is copied to, if there is one. */
  readonly target?: VideoTarget;
}

async function encode(stems: Stems, shape: AudioShape, encoding: Encoding): Promise<void> {
  const { paths, format, source, video, target, signal = NEVER } = encoding;
  const files: StemFile[] = [];
  try {
    for (const stem of STEMS) {
      const path = paths[stem];
      if (path === undefined) continue;
      const tags = stemTags(source.tags, source.name, LABELS[stem]);
      const file =
        video && target
          ? await createVideoFile(path, video, target, shape, tags, signal)
          : await createStemFile(path, format, shape, tags);
      files.push(file);
      await inBlocks(stems, [stem], encoding, ([block]) => file.write(block));
    }
    for (const file of files) await file.finish();
  } finally {
    for (const file of files) await file.discard();
  }
  if (paths.stems !== undefined) await encodeNiStems(paths.stems, stems, shape, encoding);
}

async function encodeNiStems(path: string, stems: Stems, shape: AudioShape, encoding: Encoding): Promise<void> {
  const file = await createNiStemsFile(path, shape, encoding.source, encoding.signal ?? NEVER);
  try {
    await inBlocks(stems, STEMS, encoding, ([vocals, accompaniment]) => file.write(vocals, accompaniment));
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** Reads stems side by side, at the level at which they are written. */
async function inBlocks(
  stems: Stems,
  wanted: readonly Stem[],
  { gain, signal }: Encoding,
  write: (blocks: readonly (readonly Float32Array[])[]) => Promise<void>,
): Promise<void> {
  const sources = wanted.map((stem) => stems.get(stem) as TemporaryPcm);
  const [{ samples }] = sources;
  for (let start = 0; start < samples; start += BLOCK) {
    signal?.throwIfAborted();
    const end = Math.min(samples, start + BLOCK);
    const blocks = [];
    for (const pcm of sources) blocks.push(await pcm.read(start, end));
    await write(
      gain === 1 ? blocks : blocks.map((block) => block.map((channel) => channel.map((value) => value * gain))),
    );
  }
}
