// Facts of a checked manifest. They are not in manifest.ts, as the page's first load does not need its schema.

/** The stems that a network can estimate. A separation gives the vocals and the rest. */
export const STEMS = ['vocals', 'accompaniment', 'drums', 'bass', 'piano', 'other'] as const;
export type Stem = (typeof STEMS)[number];

/** Names of the qualities, best first. */
export const QUALITIES = ['best', 'fast'] as const;
export type Quality = (typeof QUALITIES)[number];

interface WithNetworks<T> {
  readonly networks: Readonly<Partial<Record<Stem, T>>>;
}

/** The networks of a model with their stems, vocals first. */
export function networksOf<T>({ networks }: WithNetworks<T>): readonly (readonly [Stem, T])[] {
  return STEMS.flatMap((stem) => {
    const network = networks[stem];
    return network ? [[stem, network] as const] : [];
  });
}

/** The network of the vocals, or the one of the accompaniment where there is no other. */
export function mainNetwork<T>(model: WithNetworks<T>): readonly [Stem, T] {
  return networksOf(model)[0];
}

/** All files of a model. */
export function filesOf<F>(manifest: WithNetworks<{ readonly files: readonly F[] }>): readonly F[] {
  return networksOf(manifest).flatMap(([, { files }]) => files);
}

/** Bytes of all its files. */
export function bytesOf(manifest: WithNetworks<{ readonly files: readonly { readonly bytes: number }[] }>): number {
  return filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A model's title in a language, else in English. */
export function titleOf({ title }: { readonly title: { readonly en: string } }, language = 'en'): string {
  return (title as Readonly<Record<string, string>>)[language] ?? title.en;
}
