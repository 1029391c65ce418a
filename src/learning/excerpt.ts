import type { AudioData } from '../audio/audio-data.ts';
import type { Player } from '../player/player.ts';

/** A part of the song, in samples: [start, end). */
export interface Excerpt {
  readonly start: number;
  readonly end: number;
}

/** The part of the player that tells where the song is. */
export type Playhead = Pick<Player, 'position' | 'duration'>;

/** Seconds at which an excerpt begins: the playhead, or a quarter of an unplayed song, where there is mostly singing. */
export function excerptStart(player: Playhead): number {
  return player.position > 0 ? player.position : player.duration / 4;
}

/** The excerpt of at most `seconds` that begins at `from` (seconds), or earlier near the end of the song. */
export function excerptAt(samples: number, sampleRate: number, from: number, seconds: number): Excerpt {
  const length = Math.min(samples, Math.round(seconds * sampleRate));
  const start = Math.min(Math.max(0, Math.round(from * sampleRate)), samples - length);
  return { start, end: start + length };
}

/** The mean over the channels of an excerpt, as a copy. */
export function monoExcerpt({ channels }: AudioData, { start, end }: Excerpt): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(end - start);
  for (const channel of channels) {
    for (let n = 0; n < mono.length; n++) mono[n] += channel[start + n] / channels.length;
  }
  return mono;
}

/** The channels of an excerpt, as copies. */
export function excerptOf({ sampleRate, channels }: AudioData, { start, end }: Excerpt): AudioData {
  return { sampleRate, channels: channels.map((channel) => channel.slice(start, end)) };
}
