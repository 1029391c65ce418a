import type { Quality } from '../model/manifest.ts';
/** A choice as one text: “kept/my-model”. */
export function choiceText({ origin, id }: ModelChoice): string {
  return `${origin}/${id}`;
}

/** The choice that a text stands for; undefined where it stands for none. */
export function choiceOfText(text: string | undefined): ModelChoice | undefined {
  const [, origin, id] = /^(built-in|kept)\/([a-z0-9][a-z0-9-]*)$/.exec(text ?? '') ?? [];
  return origin === undefined ? undefined : { origin: origin as ModelChoice['origin'], id };
}

/** Whether two choices are of one model. */
export function isSameModel(a: ModelChoice | undefined, b: ModelChoice | undefined): boolean {
  return a?.origin === b?.origin && a?.id === b?.id;
}

/** Whether two qualities are the same; undefined matches any. */
export function isSameQuality(a: Quality | undefined, b: Quality | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** A model: one of the page's own, or one that a person added and the browser stores. */
export interface ModelChoice {
  readonly origin: 'built-in' | 'kept';
  readonly id: string;
}

/** The model that the page comes with. */
export const DEFAULT_MODEL: ModelChoice = { origin: 'built-in', id: 'spleeter' };
