/** What is filled into the `{name}`s of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** The text with its `{name}`s filled in; a name without a value stays as it is. */
export function fillIn(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
