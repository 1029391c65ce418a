import { z } from 'zod';
import { QUALITIES } from '../../model/manifest-facts.ts';
import {
  LEVELS_PATH,
  LONG_ORIGINAL_PATH,
  LONG_VOCALS_PATH,
  MASK_PATH,
  originalPath,
  SOURCE_PATH,
  vocalsPath,
} from '../storage/song-files.ts';

/** Version of the archive's format. A song of an unknown version stays on disk and is shown as unreadable. */
export const ARCHIVE_VERSION = 1;

const count = z.int().positive();
const positive = z.number().positive();

/** A cover's picture of 128 × 128 pixels is far smaller. */
const MAX_COVER_LENGTH = 200_000;

const depth = z
  .union([count, z.enum(['float', 'lossy'])])
  .optional()
  .catch(undefined);

/** See AudioTrack. */
const trackSchema = z.object({
  index: z.int().nonnegative(),
  codec: z.string(),
  sampleRate: z.number().nonnegative(),
  channels: z.int().nonnegative(),
  depth,
  seconds: positive.optional(),
  language: z.string().optional(),
  title: z.string().optional(),
  isDefault: z.boolean(),
});

/** song.json: the description of an archived song. Samples and spectrograms are in files beside it. */
const archivedSongSchema = z.object({
  version: z.literal(ARCHIVE_VERSION),
  /** Name of its folder. */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** What it is called on the page. */
  name: z.string().min(1).max(1000),
  /** Its cover as a small picture, a data URL; missing: it has none. */
  cover: z
    .string()
    .regex(/^data:image\/(?:jpeg|png);base64,/)
    .max(MAX_COVER_LENGTH)
    .optional()
    .catch(undefined),
  /** When it was kept, milliseconds since 1970. */
  keptAt: z.number().nonnegative(),
  /** The file that it came from. `key`: SHA-256 of its bytes. */
  source: z.object({
    fileName: z.string().min(1).max(1000),
    type: z.string().max(200),
    bytes: z.int().nonnegative(),
    key: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** What it was separated with. */
  model: z.object({ origin: z.enum(['built-in', 'kept']), id: z.string().min(1).max(200) }),
  /** Quality of the model; missing if the model has only one. */
  quality: z.enum(QUALITIES).optional().catch(undefined),
  sampleRate: positive,
  channels: z.union([z.literal(1), z.literal(2)]),
  /** Of one channel. */
  samples: count,
  /** How its file stores the samples; missing if it is not known. */
  depth,
  /** The audio tracks of its file; missing if they are not known. */
  tracks: z.array(trackSchema).optional().catch(undefined),
  /** The chosen one, from 0 on; missing: the default one. */
  track: z.int().nonnegative().optional(),
  /** What the mask's rows and columns mean: SpectrogramScale. */
  scale: z.object({
    frames: count,
    bins: count,
    firstBinHz: z.number().nonnegative(),
    binHz: positive,
    frameSeconds: positive,
    noiseBins: positive.optional(),
  }),
  /** Files beside song.json, with their lengths. */
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative() })),
});

/** What is known of a kept song. */
export type ArchivedSong = Readonly<z.infer<typeof archivedSongSchema>>;

const titleSchema = archivedSongSchema.pick({ name: true, cover: true });

/** What a kept song is called, and its cover. */
export type SongTitle = Readonly<z.infer<typeof titleSchema>>;

/** What is known of a song before it is kept. */
export type SongFacts = Omit<ArchivedSong, 'version' | 'files' | 'keptAt'>;

/**
 * Layout of samples in files of 32-bit floats. `planar`: one file per channel, for a song that is read into memory.
 * `interleaved`: one file for all channels, for a song that is too long for memory and is played from its files.
 */
export type SampleLayout = 'planar' | 'interleaved';

/** Which files a song has, and their lengths, bytes. */
export function expectedFiles(song: Omit<ArchivedSong, 'files'>, layout: SampleLayout): ReadonlyMap<string, number> {
  const { scale, source, samples, channels } = song;
  const cells = scale.frames * scale.bins;
  const files = new Map([
    [MASK_PATH, 2 * cells],
    [LEVELS_PATH, cells],
    [SOURCE_PATH, source.bytes],
  ]);
  if (layout === 'interleaved') {
    for (const path of [LONG_ORIGINAL_PATH, LONG_VOCALS_PATH]) files.set(path, 4 * samples * channels);
    return files;
  }
  for (let channel = 0; channel < channels; channel++) {
    files.set(originalPath(channel), 4 * samples);
    files.set(vocalsPath(channel), 4 * samples);
  }
  return files;
}

/** How the samples of a kept song lie in its files. */
export function layoutOf({ files }: Pick<ArchivedSong, 'files'>): SampleLayout {
  return files.some(({ path }) => path === LONG_ORIGINAL_PATH) ? 'interleaved' : 'planar';
}

/**
 * Reads song.json.
 *
 * @returns undefined for a description that is invalid or of another version, or whose files do not have the lengths
 *   that it states
 */
export function parseArchivedSong(json: string): ArchivedSong | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const result = archivedSongSchema.safeParse(value);
  if (!result.success) return undefined;
  const listed = new Map(result.data.files.map(({ path, bytes }) => [path, bytes]));
  for (const [path, bytes] of expectedFiles(result.data, layoutOf(result.data)))
    if (listed.get(path) !== bytes) return undefined;
  return result.data;
}

/** Reads title.json. @returns undefined where it is invalid: a write that was cut off */
export function parseTitle(json: string): SongTitle | undefined {
  try {
    return titleSchema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** What song.json says of a song that is kept now. */
export function describeSong(facts: SongFacts, layout: SampleLayout, keptAt: number): ArchivedSong {
  const described = { ...facts, version: ARCHIVE_VERSION, keptAt } as const;
  return { ...described, files: [...expectedFiles(described, layout)].map(([path, bytes]) => ({ path, bytes })) };
}

/** The bytes of song.json. */
export function songJson(song: ArchivedSong): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(song, null, 2)}\n`);
}
