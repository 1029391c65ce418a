import { megabytes } from '../../core/format.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import { networksOf, titleOf } from '../../model/manifest-facts.ts';
import type { ModelEntry } from '../../separation/separation-client.ts';

/** The title of a model in a language; its id if its manifest cannot be read. */
export function modelTitle({ manifest, id }: Pick<ModelEntry, 'manifest' | 'id'>, language: string): string {
  return manifest ? titleOf(manifest, language) : id;
}

/** The title without what stands in brackets or after a comma: “Spleeter” of “Spleeter (Deezer 2019)”. */
export function shortTitle(title: string): string {
  return title.split(/[(（,，]/)[0].trim() || title;
}

/** A size on the disk in the unit that fits: “39.3 MB”, “15 kB”, “9 B”. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e5) return `${megabytes(bytes)} MB`;
  return bytes >= 1000 ? `${Math.round(bytes / 1000)} kB` : `${bytes} B`;
}

/** The line of facts under a model's title. */
export function modelFacts(i18n: I18n, { manifest, bytes }: ModelEntry): string {
  if (!manifest) return '';
  return i18n.t('models.facts', {
    target: targetText(i18n, manifest),
    rate: manifest.sampleRate / 1000,
    size: sizeText(bytes),
    licence: manifest.licence,
  });
}

function targetText(i18n: I18n, { networks }: Pick<ModelManifest, 'networks'>): string {
  const stems = networksOf({ networks }).map(([stem]) => stem);
  if (stems.length === 1) return i18n.t(stems[0] === 'vocals' ? 'models.target.vocals' : 'models.target.accompaniment');
  const names = stems.map((stem) => i18n.t(`models.stem.${stem}`)).join(i18n.t('models.stem.comma'));
  return i18n.t('models.target.several', { count: stems.length, stems: names });
}

/** Makes an id of a title: lower-case letters, digits and hyphens; “model” if none is left. */
export function idOfTitle(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return plain || 'model';
}
