/** Positions of the switch: three presets, or a custom mix made with the faders. */
export type MixMode = 'original' | 'vocals' | 'accompaniment' | 'custom';

/** Linear gains of the two stems, 0 (off) to `MAX_GAIN`. */
export interface Mix {
  readonly vocals: number;
  readonly accompaniment: number;
}

/** Settings of one stem: its fader, its mute and its solo button. */
export interface StemLevel {
  /** Linear gain of the fader. */
  readonly gain: number;
  readonly muted: boolean;
  readonly solo: boolean;
}

/** Settings of both stems. */
export type StemLevels = Readonly<Record<keyof Mix, StemLevel>>;

/** +6 dB, the top of a fader. */
export const MAX_GAIN = 2;

/** Fader position of 0 dB. */
export const UNITY_POSITION = 0.8;

/** The presets of the switch. The faders always show the gains in use. */
export const PRESETS: Readonly<Record<Exclude<MixMode, 'custom'>, Mix>> = {
  original: { vocals: 1, accompaniment: 1 },
  vocals: { vocals: 1, accompaniment: 0 },
  accompaniment: { vocals: 0, accompaniment: 1 },
};

/** The levels of a mix with nothing muted and nothing solo. */
export function levelsOf(mix: Mix): StemLevels {
  const level = (gain: number): StemLevel => ({ gain, muted: false, solo: false });
  return { vocals: level(mix.vocals), accompaniment: level(mix.accompaniment) };
}

/** The gains that result from the levels: solo stems if there are any, else all; without muted ones. */
export function mixOf(levels: StemLevels): Mix {
  const anySolo = levels.vocals.solo || levels.accompaniment.solo;
  const heard = ({ gain, muted, solo }: StemLevel) => (muted || (anySolo && !solo) ? 0 : gain);
  return { vocals: heard(levels.vocals), accompaniment: heard(levels.accompaniment) };
}

/**
 * The levels after a change of one stem. Its solo releases its mute, and its mute releases its solo: both at once would
 * be silence that nobody asked for.
 */
export function withStemLevel(levels: StemLevels, stem: keyof Mix, change: Partial<StemLevel>): StemLevels {
  const released: Partial<StemLevel> = change.solo ? { muted: false } : change.muted ? { solo: false } : {};
  return { ...levels, [stem]: { ...levels[stem], ...released, ...change } };
}

/** Whether nothing is heard. */
export function isSilent({ vocals, accompaniment }: Mix): boolean {
  return vocals === 0 && accompaniment === 0;
}

/** The preset that sounds like this mix, or `custom`. */
export function modeOf(mix: Mix): MixMode {
  for (const [mode, preset] of Object.entries(PRESETS)) {
    if (preset.vocals === mix.vocals && preset.accompaniment === mix.accompaniment) return mode as MixMode;
  }
  return 'custom';
}

// gain = (position / 0.8)^k with k such that the top is +6 dB: close to the taper of a mixing desk.
const TAPER = Math.log(MAX_GAIN) / Math.log(1 / UNITY_POSITION);

/** Linear gain of a fader at `position` in [0, 1]: 0 → off, 0.8 → 1 (0 dB), 1 → 2 (+6 dB). */
export function gainOfPosition(position: number): number {
  if (position <= 0) return 0;
  // The detent at 0 dB is exact, so that a fader put back gives the original bit for bit.
  if (Math.abs(position - UNITY_POSITION) < 0.005) return 1;
  return (Math.min(position, 1) / UNITY_POSITION) ** TAPER;
}

/** Fader position of a linear gain; the inverse of `gainOfPosition`. */
export function positionOfGain(gain: number): number {
  if (gain <= 0) return 0;
  return Math.min(1, UNITY_POSITION * gain ** (1 / TAPER));
}

/** Level of a linear gain in decibels; −∞ for 0. */
export function decibels(gain: number): number {
  return gain > 0 ? 20 * Math.log10(gain) : Number.NEGATIVE_INFINITY;
}
