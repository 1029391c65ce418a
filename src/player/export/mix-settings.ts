import type { Loop } from '../loop.ts';
import { type Mix, modeOf } from '../mix-state.ts';
import { isAsRecorded, type RateAndKey } from '../rate-and-key.ts';

/** All settings of the mix of a separated song, except the volume. */
export interface MixSettings {
  readonly levels: Mix;
  /** Speed and key. */
  readonly rateAndKey: RateAndKey;
  /** The loop: only this part is saved, once. Undefined: the whole song. */
  readonly loop: Loop | undefined;
}

/** The range of the song, in samples, that a mix contains. */
export function mixSpan({ loop }: MixSettings, samples: number): Loop {
  return loop ? { start: loop.start, end: Math.min(loop.end, samples) } : { start: 0, end: samples };
}

/** The mix of the whole song at its own speed: a video cannot be changed with the sound. Levels and key stay. */
export function wholeMix(settings: MixSettings): MixSettings {
  return { ...settings, rateAndKey: { ...settings.rateAndKey, speed: 1 }, loop: undefined };
}

/** Whether speed or loop give the mix another length than the song: a video's mix leaves both out. */
export function changesLength({ rateAndKey, loop }: MixSettings): boolean {
  return rateAndKey.speed !== 1 || loop !== undefined;
}

/** Samples of the mix. */
export function mixLength(settings: MixSettings, samples: number): number {
  const { start, end } = mixSpan(settings, samples);
  return Math.round((end - start) / settings.rateAndKey.speed);
}

/**
 * The label in brackets after the title: “Vocals”, “Accompaniment” or “Mix”, with the changes:
 * “Accompaniment, key +2, speed 90%”.
 */
export function mixLabel({ levels, rateAndKey, loop }: MixSettings): string {
  const name = { original: '', vocals: 'Vocals', accompaniment: 'Accompaniment', custom: 'Mix' }[modeOf(levels)];
  const parts = [name];
  if (rateAndKey.semitones !== 0)
    parts.push(`key ${rateAndKey.semitones > 0 ? '+' : '-'}${Math.abs(rateAndKey.semitones)}`);
  if (rateAndKey.speed !== 1) parts.push(`speed ${Math.round(rateAndKey.speed * 100)}%`);
  if (loop) parts.push('loop');
  return parts.filter((part) => part !== '').join(', ') || 'Mix';
}

/** Whether the mix is only a weighted sum of original and vocals, without a change of speed or key. */
export function isPlainMix({ rateAndKey }: MixSettings): boolean {
  return isAsRecorded(rateAndKey);
}
