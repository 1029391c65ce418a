import type { SongStorage } from '../songs/storage/song-storage.ts';
import { MAX_GAIN, type StemLevel, type StemLevels } from './mix-state.ts';
import type { PracticeState } from './practice.ts';
import { isAsRecorded, type RateAndKey, rateAndKeyWithin } from './rate-and-key.ts';

/** Settings of a song that are stored between visits. */
export interface SongSettings {
  readonly levels: StemLevels;
  /** Tempo of the count-in, beats per minute. */
  readonly bpm?: number;
  /** The loop, seconds. */
  readonly loop?: LoopSettings;
  readonly rateAndKey?: RateAndKey;
}

/** A loop with both marks. */
export interface LoopSettings {
  readonly start: number;
  readonly end: number;
  readonly on: boolean;
}

/** The part of `Storage` that is needed. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem'>;

const KEPT_AS = 'unsung.songs';

/** Most songs with stored settings; the least recently opened one is dropped first. */
const MAX_SONGS = 200;

/** Samples that are hashed. */
const PROBES = 64;

/**
 * Identifies a song: a 53-bit hash (cyrb53, public domain) of the name, the sample rate, the numbers of channels and
 * samples, and some of the samples. Not cryptographic. For a song on disk, whose samples are not in memory, only name,
 * sample rate and number of channels are hashed.
 */
export function songKey(
  name: string,
  { sampleRate, channels, whole }: Pick<SongStorage, 'sampleRate' | 'channels' | 'whole'>,
): string {
  const channel = whole?.original.channels[0] ?? new Float32Array(0);
  const samples = channel.length;
  const probes = Array.from({ length: PROBES }, (_, n) => {
    const value = channel[Math.floor(((n + 0.5) / PROBES) * samples)] ?? 0;
    // Rounded, so that the last bits of another decoder do not change the key.
    return Math.round(value * 100);
  });
  return hash([name, sampleRate, channels, samples, ...probes].join('|')).toString(36);
}

function hash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/** What is stored of the practice settings. */
export function settingsOf({ bpm, marks, looping, rateAndKey }: PracticeState): Omit<SongSettings, 'levels'> {
  const { start, end } = marks;
  const loop = start === undefined || end === undefined ? undefined : { start, end, on: looping };
  return { bpm, ...(loop && { loop }), ...(!isAsRecorded(rateAndKey) && { rateAndKey }) };
}

/** The practice settings that were stored, for a song of that duration, seconds. */
export function practiceOf({ bpm, loop, rateAndKey }: SongSettings, duration: number): Partial<PracticeState> {
  return {
    ...(bpm && { bpm }),
    ...(rateAndKey && { rateAndKey }),
    ...(loop && loop.end <= duration && { marks: { start: loop.start, end: loop.end }, looping: loop.on }),
  };
}

/** Stored settings of the song; undefined for a new song, or if the browser stores nothing. */
export function recall(storage: KeyValueStore | undefined, key: string): SongSettings | undefined {
  const settings = all(storage).find(([kept]) => kept === key)?.[1];
  if (!isSettings(settings)) return undefined;
  const { vocals, accompaniment } = settings.levels;
  const { bpm, loop, rateAndKey } = settings;
  return {
    ...(typeof bpm === 'number' && { bpm }),
    ...(isLoop(loop) && { loop }),
    ...(isRateAndKey(rateAndKey) && { rateAndKey: rateAndKeyWithin(rateAndKey) }),
    levels: { vocals: audible(vocals), accompaniment: audible(accompaniment) },
  };
}

/** Stores the settings of a song; if the browser refuses, they are lost with the page. */
export function remember(storage: KeyValueStore | undefined, key: string, settings: SongSettings): void {
  const others = all(storage).filter(([kept]) => kept !== key);
  try {
    storage?.setItem(KEPT_AS, JSON.stringify([...others, [key, settings]].slice(-MAX_SONGS)));
  } catch {
    // Full, or forbidden in private windows.
  }
}

/** Earlier versions stored a mute under a solo. */
function audible(level: StemLevel): StemLevel {
  return level.solo && level.muted ? { ...level, muted: false } : level;
}

function all(storage: KeyValueStore | undefined): readonly (readonly [string, unknown])[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEPT_AS) ?? '[]');
    return Array.isArray(kept) ? kept.filter((entry) => Array.isArray(entry) && typeof entry[0] === 'string') : [];
  } catch {
    return [];
  }
}

function isLoop(loop: unknown): loop is LoopSettings {
  if (typeof loop !== 'object' || loop === null) return false;
  const { start, end, on } = loop as Partial<LoopSettings>;
  return typeof start === 'number' && typeof end === 'number' && 0 <= start && start < end && typeof on === 'boolean';
}

function isRateAndKey(value: unknown): value is RateAndKey {
  if (typeof value !== 'object' || value === null) return false;
  const { speed, semitones } = value as Partial<RateAndKey>;
  return Number.isFinite(speed) && Number.isFinite(semitones);
}

function isSettings(value: unknown): value is SongSettings {
  if (typeof value !== 'object' || value === null || !('levels' in value)) return false;
  const { levels } = value as { levels: Partial<StemLevels> };
  if (typeof levels !== 'object' || levels === null) return false;
  const isGain = (gain: unknown) => typeof gain === 'number' && gain >= 0 && gain <= MAX_GAIN;
  return [levels.vocals, levels.accompaniment].every(
    (stem) => typeof stem === 'object' && stem !== null && isGain(stem.gain) && typeof stem.muted === 'boolean',
  );
}
