import { z } from 'zod';

/** Version of the form in which songs are kept; one that is not known is left alone, and shown as not readable. */
export const KEPT_VERSION = 1;

const count = z.int().positive();
const positive = z.number().positive();

/** song.json: all that is known of a kept song but its numbers, which lie beside it. */
const keptSongSchema = z.object({
  version: z.literal(KEPT_VERSION),
  /** Name of its folder. */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** What it is called on the page. */
  name: z.string().min(1).max(1000),
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
  sampleRate: positive,
  channels: z.union([z.literal(1), z.literal(2)]),
  /** Of one channel. */
  samples: count,
  /** What the mask's rows and columns mean: PictureScale. */
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
export type KeptSong = Readonly<z.infer<typeof keptSongSchema>>;

/** Name of the file that makes a folder a kept song: it is written last. */
export const SONG_FILE = 'song.json';

/** Files of the numbers: 32-bit floats, little-endian, one a channel; the mask in 16 bits, the levels in 8. */
export const originalPath = (channel: number): string => `original-${channel}.f32`;
export const vocalsPath = (channel: number): string => `vocals-${channel}.f32`;
export const MASK_PATH = 'mask.u16';
export const LEVELS_PATH = 'levels.u8';
/** The file that the song came from, as it was: for its tags. */
export const SOURCE_PATH = 'source';

/** The lengths that a song's files must have. */
export function expectedFiles(song: Omit<KeptSong, 'files'>): ReadonlyMap<string, number> {
  const { channels, samples, scale, source } = song;
  const cells = scale.frames * scale.bins;
  const files = new Map([
    [MASK_PATH, 2 * cells],
    [LEVELS_PATH, cells],
    [SOURCE_PATH, source.bytes],
  ]);
  for (let channel = 0; channel < channels; channel++) {
    files.set(originalPath(channel), 4 * samples);
    files.set(vocalsPath(channel), 4 * samples);
  }
  return files;
}

/**
 * Reads song.json.
 *
 * @returns undefined for what is no description of a kept song in this version, or one whose files do not have the
 *   lengths that its numbers ask for
 */
export function parseKeptSong(json: string): KeptSong | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const result = keptSongSchema.safeParse(value);
  if (!result.success) return undefined;
  const listed = new Map(result.data.files.map(({ path, bytes }) => [path, bytes]));
  for (const [path, bytes] of expectedFiles(result.data)) if (listed.get(path) !== bytes) return undefined;
  return result.data;
}

/** Bytes of all its files, song.json left out. */
export function keptBytes(song: KeptSong): number {
  return song.files.reduce((sum, { bytes }) => sum + bytes, 0);
}
