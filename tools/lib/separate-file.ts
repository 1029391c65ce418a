import { openAsBlob } from 'node:fs';
import type { SongStream } from '../../src/audio/decode/song-stream.ts';
import type { ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SampleDepth } from '../../src/audio/sample-depth.ts';
import { readTags } from '../../src/audio/tags/read-tags.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import { messageText } from '../../src/core/message.ts';
import type { VariablePredictor } from '../../src/model/predictor.ts';
import { type ClassicOptions, classicShape, separateClassic } from '../../src/separation/classic/separate-classic.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { decodePart } from './decode-part.ts';
import { type OutputPaths, songName } from './output-names.ts';
import { openSongFile } from './read-song.ts';
import type { SeparatedSong } from './reporter.ts';
import { separateSong } from './separate-song.ts';
import type { OnProgress } from './separate-whole.ts';
import { STANDARD, saveStandardInput } from './standard-streams.ts';
import { folderBeside } from './temporary-file.ts';
import type { TemporaryPcm } from './temporary-pcm.ts';
import type { TimeRange } from './time-range.ts';
import { openVideo } from './video-file.ts';
import { type StemOutput, type WrittenStems, writeStems } from './write-stems.ts';

/** What to make of a file. */
export interface SeparateFileOptions {
  readonly model: VariablePredictor;
  /** The files, or `-` for standard output; what has no path is not written. */
  readonly paths: OutputPaths;
  /** Copies the song's video with each stem as its sound. Default: the stems are files of sound. */
  readonly isVideo?: boolean;
  /** undefined: WAV that keeps what the song and the stems have. */
  readonly format?: ExportFormat;
  readonly range: TimeRange;
  /** The audio track to separate, from 0 on. Default: the one that the file names, or its first. */
  readonly track?: number;
  readonly separation: SeparationOptions;
  /** Separates as the model's own system does, with the whole part in memory. Default: not so. */
  readonly classic?: Pick<ClassicOptions, 'frames'>;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Decodes a file, or a part of it, separates it and writes its stems, with a few seconds of sound in memory. Whether it
 * ends well or not, its temporary files are gone.
 *
 * @param song path of the file; `-`: standard input
 * @throws as openSongFile, openVideo, decodePart and separateSong; the signal's reason when it fires
 */
export async function separateFile(song: string, options: SeparateFileOptions): Promise<SeparatedSong> {
  const { paths, signal } = options;
  signal.throwIfAborted();
  const started = performance.now();
  const input = song === STANDARD ? await saveStandardInput(signal) : undefined;
  try {
    const path = input?.path ?? song;
    const tags = await tagsOf(path);
    const video = options.isVideo ? await openVideo(path) : undefined;
    const folder = await folderBeside(Object.values(paths).find((file) => file !== STANDARD));
    const { pcm, depth, track, notes } = await decode(path, folder, options);
    try {
      const source = { name: songName(song), tags, depth };
      // The sound that was separated is the one that is replaced.
      const output = { ...options, source, folder, video: video && { ...video, track: track + 1 } };
      const written = await write(pcm, output, options);
      const { sampleRate, channelCount } = pcm;
      return {
        files: paths,
        format: written.format,
        seconds: pcm.samples / sampleRate,
        sampleRate,
        channels: channelCount,
        tookSeconds: (performance.now() - started) / 1000,
        notes: [...notes, ...written.notes.map((note) => messageText(note))],
      };
    } finally {
      await pcm.dispose();
    }
  } finally {
    await input?.dispose();
  }
}

/** None where the file cannot be opened: decoding says why. */
async function tagsOf(path: string): Promise<SongTags> {
  try {
    return await readTags(await openAsBlob(path));
  } catch {
    return {};
  }
}

interface DecodedPart {
  readonly pcm: TemporaryPcm;
  readonly depth: SampleDepth | undefined;
  /** The audio track that was decoded, from 0 on. */
  readonly track: number;
  readonly notes: readonly string[];
}

async function decode(
  path: string,
  folder: string,
  { range, track, signal }: SeparateFileOptions,
): Promise<DecodedPart> {
  const stream = await openSongFile(path, { track, from: range.from });
  try {
    const pcm = await decodePart(stream, { folder, range, signal });
    const choice = track === undefined && stream.tracks.length > 1 ? [trackNote(stream)] : [];
    const notes = [...choice, ...stream.notes.map((note) => messageText(note))];
    return { pcm, depth: stream.track.depth, track: stream.track.index, notes };
  } finally {
    stream.dispose();
  }
}

/** Says which of several tracks was taken. */
function trackNote({ tracks, track }: SongStream): string {
  const list = tracks.map(({ index, codec, channels, language, title }) => {
    const facts = [codec, `${channels} ch`, language, title].filter((fact) => fact !== undefined);
    return `${index + 1} (${facts.join(', ')})`;
  });
  return `The file has ${tracks.length} audio tracks: ${list.join(', ')}. Track ${track.index + 1} was separated; --track chooses another.`;
}

async function write(
  pcm: TemporaryPcm,
  output: StemOutput,
  { model, separation, classic, signal }: SeparateFileOptions,
): Promise<WrittenStems> {
  if (classic === undefined) return await separateSong(pcm, model, output, separation);
  const song = { sampleRate: pcm.sampleRate, channels: await pcm.read(0, pcm.samples) };
  const chunks = separateClassic(song, model, { mask: separation.mask, ...classic, signal });
  return await writeStems(chunks, classicShape(song, model.manifest), output);
}
