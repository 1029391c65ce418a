import type { AudioShape } from '../audio/encode/formats.ts';
import { baseName } from '../core/format.ts';
import type { SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import type { ModelChoice, Quality } from '../separation/separation-client.ts';
import type { StowOutcome } from './archive/archive-engine.ts';
import type { Progress } from './progress.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** A file on its way to the page. */
export interface IncomingSong {
  readonly fileName: string;
  readonly file: Blob;
}

/**
 * Whether a song will be there at the next visit: `full`: the browser has no room for it; `unable`: it keeps nothing, or
 * refused; `damaged`: it was kept and cannot be read.
 */
export type Keeping = 'not-yet' | 'keeping' | 'kept' | 'full' | 'unable' | 'damaged';

/** A song of the list, with all that is known of it. What takes memory is there only while it is needed. */
export interface SongEntry {
  readonly id: string;
  /** Name without ending. */
  readonly name: string;
  readonly fileName: string;
  /** The file that it came from; of a kept one, once it is loaded. */
  file: Blob | undefined;
  /** The file lies in the browser's own file system, and goes from there once the song is kept. */
  lent: boolean;
  /** SHA-256 of the file: see file-key.ts. */
  key: Promise<string | undefined> | undefined;
  /** What it is, or was last, separated with. */
  model: ModelChoice | undefined;
  /** At which of that model's qualities; undefined where it has only one, or the separation has not begun. */
  quality: Quality | undefined;
  /** Its sound, and what is separated of it; from the moment on at which it is decoded. */
  store: SongStorage | undefined;
  scale: SpectrogramScale | undefined;
  keeping: Keeping;
  /** Whether its file is kept until it is separated; undefined: not yet. */
  stowed: StowOutcome | undefined;
  /** What it takes of the disk, where it is kept. */
  bytes: number;
  /** Of its sound, once it is known. */
  shape: AudioShape | undefined;
  /** What the panel over the song says of it. */
  progress: Progress | undefined;
}

/** A song that was just dropped, pasted or chosen. */
export function newEntry({ fileName, file }: IncomingSong): SongEntry {
  return {
    id: crypto.randomUUID(),
    name: baseName(fileName),
    fileName,
    file,
    lent: false,
    key: undefined,
    model: undefined,
    quality: undefined,
    store: undefined,
    scale: undefined,
    keeping: 'not-yet',
    stowed: undefined,
    bytes: 0,
    shape: undefined,
    progress: undefined,
  };
}

/** Length, rate and channels of a decoded song. */
export function decodedShape({ sampleRate, channels, samples }: SongStorage): AudioShape {
  return { sampleRate, channels, samples };
}
