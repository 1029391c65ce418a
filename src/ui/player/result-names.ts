import type { I18n } from '../../i18n/i18n.ts';
import { choiceText, type ModelChoice } from '../../separation/model-choice.ts';
import type { SongResult } from '../../songs/song-results.ts';

/** The title of a model in the page's language. */
export type ModelTitle = (model: ModelChoice) => string;

/**
 * Names that tell the results of a song apart: the quality where one model made them all, else the model, with the
 * quality where it made several. Those that are still alike are numbered.
 */
export function resultNames(
  results: readonly SongResult[],
  titleOf: ModelTitle,
  i18n: Pick<I18n, 't'>,
): readonly string[] {
  const models = results.map(({ madeWith }) => choiceText(madeWith.model));
  const isOneModel = new Set(models).size === 1;
  const names = results.map(({ madeWith: { model, quality } }) => {
    const word = quality && i18n.t(`quality.${quality}`);
    if (isOneModel && word) return word;
    const made = models.filter((other) => other === choiceText(model)).length;
    return made > 1 && word ? `${titleOf(model)}, ${word}` : titleOf(model);
  });
  return names.map((name, n) => {
    const before = names.slice(0, n).filter((other) => other === name).length;
    return before > 0 ? `${name} ${before + 1}` : name;
  });
}
