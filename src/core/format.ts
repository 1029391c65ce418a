/**
 * Formats seconds as “3:07”, or “1:02:03” from an hour on; with `decimals` as “3:07.25”. Rounded down, as clocks do.
 */
export function clock(seconds: number, decimals = 0): string {
  const unit = 10 ** decimals;
  // A small tolerance, so that 0.29999… of a float sum does not show as 0.2.
  const ticks = Math.floor(Math.max(0, seconds) * unit + 1e-6);
  const whole = Math.floor(ticks / unit);
  const fraction = decimals > 0 ? `.${String(ticks % unit).padStart(decimals, '0')}` : '';
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}${fraction}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}${fraction}`;
}

/** Formats a number with a true minus sign. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Formats a frequency with its unit, to three digits from a kilohertz on: “440 Hz”, “7.71 kHz”. */
export function hertz(hz: number): string {
  return hz < 999.5 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toPrecision(3)} kHz`;
}

/** Formats a tick of a frequency axis in kilohertz: “0.25”, “8”. */
export function kilohertz(hz: number): string {
  return String(Number((hz / 1000).toFixed(2)));
}

/** Formats bytes as megabytes with one decimal. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Formats a speed: “63”, “4.2”. */
export function speed(factor: number): string {
  return factor >= 10 ? String(Math.round(factor)) : factor.toFixed(1);
}

/** The name of a file without its ending: “My song.mp3” → “My song”. */
export function baseName(fileName: string): string {
  return fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '') || fileName;
}
