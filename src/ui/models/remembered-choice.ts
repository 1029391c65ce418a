import { store, stored } from '../../core/browser-storage.ts';
import { QUALITIES, type Quality } from '../../model/manifest-facts.ts';
import { choiceOfText, choiceText, DEFAULT_MODEL, type ModelChoice } from '../../separation/model-choice.ts';

const MODEL_STORED_AS = 'unsung.model';
const QUALITY_STORED_AS = 'unsung.quality';

/** The model of a person who has not chosen one: a built-in one that the address names (`?model=paper`), or the default. */
export function firstModel(): ModelChoice {
  const named = new URLSearchParams(location.search).get('model');
  return (named === null ? undefined : choiceOfText(`built-in/${named}`)) ?? DEFAULT_MODEL;
}

/** The model that the person chose last, or the first one. */
export function rememberedModel(): ModelChoice {
  return choiceOfText(stored(MODEL_STORED_AS)) ?? firstModel();
}

/** Remembers the chosen model for the next visit. */
export function rememberModel(choice: ModelChoice): void {
  store(MODEL_STORED_AS, choiceText(choice));
}

/** The quality that the address names (`?quality=fast`) or that the person chose last; undefined: the probe decides. */
export function rememberedQuality(): Quality | undefined {
  const named = new URLSearchParams(location.search).get('quality') ?? stored(QUALITY_STORED_AS);
  return QUALITIES.find((quality) => quality === named);
}

/** Remembers the chosen quality for the next visit. */
export function rememberQuality(quality: Quality): void {
  store(QUALITY_STORED_AS, quality);
}
