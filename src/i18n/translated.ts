/** A table of texts in another language: the same keys, and the same parts of each entry. The compiler checks it. */
export type Translated<Texts> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string
    ? string
    : { readonly message: string; readonly hint: string };
};
