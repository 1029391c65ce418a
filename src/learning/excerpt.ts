import type { AudioData } from '../audio/audio-data.ts';
import type { Player } from '../player/player.ts';

/** A stretch of the song, in samples: [start, end). */
export interface Excerpt {
  readonly start: number;
  readonly end: number;
}

/** Where a piece begins: at the playhead; in a song that was not played yet a quarter in, where there is mostly singing. */
export function excerptStart(player: Pick<Player, 'position' | 'duration'>): number {
  return player.position > 0 ? player.position : player.duration / 4;
}

/** The stretch of at most `seconds` that begins at a moment, moved so that it is as long as the song allows. */
export function excerptAt(samples: number, sampleRate: number, from: number, seconds: number): Excerpt {
  const length = Math.min(samples, Math.round(seconds * sampleRate));
  const start = Math.min(Math.max(0, Math.round(from * sampleRate)), samples - length);
  return { start, end: start + length };
}

/** The mean of the channels in a stretch, as a copy. */
export function monoExcerpt({ channels }: AudioData, { start, end }: Excerpt): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(end - start);
  for (const channel of channels) {
    for (let n = 0; n < mono.length; n++) mono[n] += channel[start + n] / channels.length;
  }
  return mono;
}
