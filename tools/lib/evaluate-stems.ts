import { basename } from 'node:path';
import { type AudioData, durationSeconds, sampleCount } from '../../src/audio/audio-data.ts';
import type { DecodedSong } from '../../src/audio/decode/decode-whole.ts';
import { silenceBelow24Bits } from '../../src/metrics/bit-depth.ts';
import type { Channels } from '../../src/metrics/sdr.ts';
import { SongFolderError, type StemFiles } from './evaluate-songs.ts';
import { readSong } from './read-song.ts';

/** A song with its true stems, all with the same channels and length. */
export interface Stems {
  /** Hertz. */
  readonly sampleRate: number;
  readonly vocals: Channels;
  readonly accompaniment: Channels;
  readonly mixture: Channels;
  /** Sentences about changes to the stems, and about likely mistakes in them. */
  readonly notes: readonly string[];
}

/**
 * Decibels. Below this, a mixture is not the sum of its stems: they are shifted in time, or the mixture was mastered.
 */
const MIXTURE_LIMIT = 20;

/**
 * Reads the stems of one song. Stems of unequal length are cut to the shortest. Where one stem is stereo, a mono stem
 * is used for both channels. Samples below −144 dB of full scale become 0.
 *
 * @param seconds length that is read from the beginning
 * @throws as readSong; SongFolderError when rates differ or samples are not finite
 */
export async function readStems(files: StemFiles, seconds = Number.POSITIVE_INFINITY): Promise<Stems> {
  const read: Part[] = [];
  for (const path of [files.vocals, ...files.accompaniment, ...(files.mixture ? [files.mixture] : [])]) {
    const song = await readSong(path);
    const part = { name: basename(path), audio: song };
    if (read.length > 0) requireSameRate(read[0], part);
    requireNumbers(part.name, song);
    silenceBelow24Bits(part.audio.channels);
    read.push({ ...part, audio: cut(part.audio, Math.max(1, Math.round(seconds * part.audio.sampleRate))) });
  }
  const notes: string[] = [];
  const parts = fitChannels(fitLengths(read, notes));
  const vocals = parts[0];
  const accompaniment = sum(parts.slice(1, 1 + files.accompaniment.length));
  const given = files.mixture ? parts[parts.length - 1] : undefined;
  if (given) {
    const ratio = ratioToRest(given, vocals, accompaniment);
    if (ratio < MIXTURE_LIMIT) {
      notes.push(
        `${read[read.length - 1].name} is not the sum of the stems: what differs lies ${ratio.toFixed(1)} dB below it.`,
      );
    }
  }
  const mixture = given ?? sum([vocals, accompaniment]);
  return { sampleRate: read[0].audio.sampleRate, vocals, accompaniment, mixture, notes };
}

interface Part {
  readonly name: string;
  readonly audio: AudioData;
}

function requireSameRate(first: Part, other: Part): void {
  if (first.audio.sampleRate === other.audio.sampleRate) return;
  throw new SongFolderError(
    `The stems differ in rate: ${first.name} has ${first.audio.sampleRate} Hz, ${other.name} ${other.audio.sampleRate} Hz.`,
    'Convert them to one rate.',
  );
}

/** The decoder sets invalid samples to 0, which would spoil the figures. */
function requireNumbers(name: string, { notes }: DecodedSong): void {
  if (!notes.some(({ code }) => code === 'decode.invalid-samples')) return;
  throw new SongFolderError(`“${name}” has invalid samples (NaN or infinity).`, 'Export the file again.');
}

/** Whether no sample is NaN or infinite. */
export function allNumbers(sound: Channels): boolean {
  return sound.every((channel) => Number.isFinite(channel.reduce((total, value) => total + value, 0)));
}

/** Copies the samples when they are cut, so that the original can be freed. */
function cut(audio: AudioData, samples: number): AudioData {
  if (sampleCount(audio) <= samples) return audio;
  return { ...audio, channels: audio.channels.map((channel) => channel.slice(0, samples)) };
}

function fitLengths(parts: readonly Part[], notes: string[]): Channels[] {
  const lengths = parts.map(({ audio }) => sampleCount(audio));
  const shortest = Math.min(...lengths);
  if (lengths.some((length) => length !== shortest)) {
    const told = parts.map(({ name, audio }) => `${name} ${durationSeconds(audio).toFixed(3)} s`);
    notes.push(`Stems differ in length and were cut to the shortest: ${told.join(', ')}.`);
  }
  return parts.map(({ audio }) => cut(audio, shortest).channels);
}

function fitChannels(parts: readonly Channels[]): Channels[] {
  const isStereo = parts.some((channels) => channels.length === 2);
  return parts.map((channels) => (isStereo && channels.length === 1 ? [channels[0], channels[0]] : channels));
}

function sum(sounds: readonly Channels[]): Channels {
  if (sounds.length === 1) return sounds[0];
  return sounds[0].map((_, c) => {
    const out = new Float32Array(sounds[0][c].length);
    for (const sound of sounds) for (let n = 0; n < out.length; n++) out[n] += sound[c][n];
    return out;
  });
}

/** Level of the mixture over that of mixture − stems, in decibels. NaN for silence. */
function ratioToRest(mixture: Channels, vocals: Channels, accompaniment: Channels): number {
  let whole = 0;
  let rest = 0;
  mixture.forEach((channel, c) => {
    for (let n = 0; n < channel.length; n++) {
      whole += channel[n] ** 2;
      rest += (channel[n] - vocals[c][n] - accompaniment[c][n]) ** 2;
    }
  });
  return 10 * Math.log10(whole / rest);
}
