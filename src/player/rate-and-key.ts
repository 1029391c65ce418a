/** Playback speed and key. */
export interface RateAndKey {
  /** Seconds of the song per second; 1 is as recorded. */
  readonly speed: number;
  /** Semitones above the recorded key. */
  readonly semitones: number;
}

/** As recorded. */
export const AS_RECORDED: RateAndKey = { speed: 1, semitones: 0 };

export const MIN_RATE = 0.5;
export const MAX_RATE = 1.5;
export const MAX_SEMITONES = 12;

/** The nearest supported speed and key: speed in whole percent, key in whole semitones. */
export function rateAndKeyWithin({ speed, semitones }: RateAndKey): RateAndKey {
  const percent = Math.round(Math.min(MAX_RATE, Math.max(MIN_RATE, speed)) * 100);
  const key = Math.round(Math.min(MAX_SEMITONES, Math.max(-MAX_SEMITONES, semitones)));
  // −0 would be shown with a sign.
  return { speed: percent / 100, semitones: key === 0 ? 0 : key };
}

/** Whether the song plays as recorded, bit for bit, without a stretcher. */
export function isAsRecorded(rateAndKey: RateAndKey): boolean {
  return rateAndKey.speed === 1 && rateAndKey.semitones === 0;
}
