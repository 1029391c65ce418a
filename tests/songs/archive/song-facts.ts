import type { SongFacts } from '../../../src/songs/archive/archived-song.ts';

export const SAMPLES = 100;
export const SCALE = { frames: 5, bins: 4, firstBinHz: 8, binHz: 8, frameSeconds: 0.09 };

/** What is known of a song of two channels, made from a file of three bytes. */
export const facts = (id: string): SongFacts => ({
  id,
  name: `Song ${id}`,
  source: { fileName: `${id}.mp3`, type: 'audio/mpeg', bytes: 3, key: 'ab'.repeat(32) },
  model: { origin: 'built-in', id: 'paper' },
  sampleRate: 44_100,
  channels: 2,
  samples: SAMPLES,
  scale: SCALE,
});
