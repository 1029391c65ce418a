/** How the song is played: at which speed, in which key. */
export interface Tune {
  /** Seconds of the song in a second; 1 is as recorded. */
  readonly speed: number;
  /** Semitones above the recorded key. */
  readonly semitones: number;
}

/** As recorded. */
export const AS_RECORDED: Tune = { speed: 1, semitones: 0 };

export const SLOWEST = 0.5;
export const FASTEST = 1.5;
export const MOST_SEMITONES = 12;

/** The nearest tune that can be played: speed in whole percents, key in whole semitones. */
export function tuneWithin({ speed, semitones }: Tune): Tune {
  const percent = Math.round(Math.min(FASTEST, Math.max(SLOWEST, speed)) * 100);
  const key = Math.round(Math.min(MOST_SEMITONES, Math.max(-MOST_SEMITONES, semitones)));
  // −0 would be shown with a sign.
  return { speed: percent / 100, semitones: key === 0 ? 0 : key };
}

/** Whether the song is played as recorded: bit for bit, with nothing between. */
export function isAsRecorded(tune: Tune): boolean {
  return tune.speed === 1 && tune.semitones === 0;
}
