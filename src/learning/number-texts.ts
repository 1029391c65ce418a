import { hertz, signed } from '../core/format.ts';
import { noteName } from '../ui/spectrogram/frequency-axis.ts';

/** A frequency and its nearest note: “440 Hz A4”; the frequency alone where there is no note. */
export function frequencyText(hz: number): string {
  return [hertz(hz), noteName(hz)].filter(Boolean).join(' ');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * Formats a number with some significant digits and a true minus sign: “0.012”. Below 0.0001 and from a million on, with a
 * power of ten: “1.2 × 10⁻⁵”.
 */
export function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return signed(value, Math.max(0, digits - 1 - power));
  const superscript = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `${signed(Number(mantissa), digits - 1)} × 10${power < 0 ? '⁻' : ''}${superscript}`;
}

/** Sentences as one text: a space between them, but none after full-width punctuation, which has its own. */
export function joinSentences(...sentences: readonly string[]): string {
  return sentences.join(' ').replace(/(?<=[。！？；：]) /g, '');
}
