import type { SongPiece, SongSource } from '../../songs/storage/song-source.ts';
import type { Mix } from '../mix-state.ts';
import { isPlainMix, type MixSettings, mixLength, mixSpan } from './mix-settings.ts';

/** Samples rendered at once. */
const SLICE = 1 << 16;

/** Consecutive pieces of sound: one array per channel, read-only, valid until the next piece. */
export type Pieces = AsyncGenerator<readonly Float32Array[], void, undefined>;

const STEM_LEVELS = {
  vocals: { vocals: 1, accompaniment: 0 },
  accompaniment: { vocals: 0, accompaniment: 1 },
  mixture: { vocals: 1, accompaniment: 1 },
  silence: { vocals: 0, accompaniment: 0 },
  // The source's vocals are the difference.
  difference: { vocals: 1, accompaniment: 0 },
} as const;

/** A stem, both together, nothing, or the difference of two results. */
export type RenderedSound = keyof typeof STEM_LEVELS;

/** Such a sound from the beginning of the song to its end. */
export function renderStem(source: SongSource, stem: RenderedSound): Pieces {
  return spanOf(source, STEM_LEVELS[stem], 0, source.samples);
}

/** A mono song with two equal channels; others as they are. */
export function stereoSource(source: SongSource): SongSource {
  if (source.channels !== 1) return source;
  const twice = ([channel]: readonly Float32Array[]) => [channel, channel];
  return {
    sampleRate: source.sampleRate,
    channels: 2,
    samples: source.samples,
    async read(start, end) {
      const { original, vocals } = await source.read(start, end);
      return { original: twice(original), vocals: twice(vocals) };
    },
  };
}

/**
 * The mix as the player plays it: levels, speed and key; a loop is rendered once. The same library as in the player
 * changes speed and key; it is loaded only when they are changed.
 */
export async function* renderMix(source: SongSource, settings: MixSettings): Pieces {
  const { start, end } = mixSpan(settings, source.samples);
  const { levels, rateAndKey } = settings;
  if (isPlainMix(settings)) {
    yield* spanOf(source, levels, start, end);
    return;
  }
  const { createStretcher } = await import('../load-stretcher.ts');
  const stretcher = await createStretcher(source.channels, source.sampleRate);
  stretcher.setRateAndKey(rateAndKey);
  // Before and after the span there is silence.
  let next = start - Math.round(stretcher.lead);
  let ready = Array.from({ length: source.channels }, () => new Float32Array(0));
  let used = 0;
  const fetch = async (count: number): Promise<void> => {
    if (ready[0].length - used >= count) return;
    const from = next;
    next += Math.max(count, SLICE);
    const fresh = Array.from({ length: source.channels }, () => new Float32Array(next - from));
    const first = Math.max(from, start);
    const last = Math.min(next, end);
    if (last > first) {
      const mixed = mixPiece(await source.read(first, last), levels);
      for (let c = 0; c < fresh.length; c++) fresh[c].set(mixed[c], first - from);
    }
    ready = ready.map((old, c) => {
      const joined = new Float32Array(old.length - used + fresh[c].length);
      joined.set(old.subarray(used));
      joined.set(fresh[c], old.length - used);
      return joined;
    });
    used = 0;
  };
  const read = (out: readonly Float32Array[], count: number): void => {
    for (let c = 0; c < out.length; c++) out[c].set(ready[c].subarray(used, used + count));
    used += count;
  };
  // Half a second is more than the stretcher reads ahead of its output.
  const margin = Math.ceil(source.sampleRate / 2);
  await fetch(margin * 2);
  stretcher.prime(read);
  const total = mixLength(settings, source.samples);
  for (let done = 0; done < total; ) {
    const count = Math.min(SLICE, total - done);
    await fetch(Math.ceil(count * rateAndKey.speed) + margin);
    const out = Array.from({ length: source.channels }, () => new Float32Array(count));
    stretcher.render(read, out, 0, count);
    yield out;
    done += count;
  }
}

async function* spanOf(source: SongSource, levels: Mix, start: number, end: number): Pieces {
  for (let from = start; from < end; from += SLICE) {
    yield mixPiece(await source.read(from, Math.min(end, from + SLICE)), levels);
  }
}

/**
 * gA · original + (gV − gA) · vocals, as in the player. A mix that equals original or vocals is that signal bit for
 * bit.
 */
export function mixPiece({ original, vocals }: SongPiece, levels: Mix): readonly Float32Array[] {
  const gain = levels.accompaniment;
  const difference = levels.vocals - gain;
  if (gain === 1 && difference === 0) return original;
  if (gain === 0 && difference === 1) return vocals;
  return original.map((channel, c) => {
    const voice = vocals[Math.min(c, vocals.length - 1)];
    const mixed = new Float32Array(channel.length);
    for (let n = 0; n < mixed.length; n++) mixed[n] = gain * channel[n] + difference * voice[n];
    return mixed;
  });
}
