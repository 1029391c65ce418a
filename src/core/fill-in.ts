/** Values for the `{name}`s of a text. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * Fills in the `{name}`s of a text; a name without a value stays.
 * @param language Tag of the language in which numbers are written, with a true minus sign; without it, they are written
 *   plainly.
 */
export function fillIn(text: string, values: Values = {}, language?: string): string {
  const write = (value: string | number) =>
    typeof value === 'number' && language ? numbers(language).format(value).replace('-', '−') : String(value);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? write(values[name]) : whole));
}

/** Made once: making a formatter takes longer than using it. */
const formats = new Map<string, Intl.NumberFormat>();

function numbers(language: string): Intl.NumberFormat {
  const format = formats.get(language) ?? new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  formats.set(language, format);
  return format;
}
