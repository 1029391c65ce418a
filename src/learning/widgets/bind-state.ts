import type { Scope } from '../../core/scope.ts';
import type { LearningTexts } from '../texts.ts';

/** A section's state, which tells when it changed. */
export interface Changing {
  on(event: 'changed', listener: () => void): () => void;
}

/** Runs `render` now, whenever the state changes, and whenever the language changes. */
export function bindState(scope: Scope, texts: LearningTexts, state: Changing, render: () => void): void {
  scope.add(state.on('changed', render));
  texts.bind(scope, render);
}
