import type { Scope } from '../../core/scope.ts';
import { h, setAvailable } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import type { PaintState } from './paint-state.ts';

/** Buttons that undo, redo, and change the whole mask. */
export function editButtons(scope: Scope, texts: LearningTexts, state: PaintState): HTMLElement {
  const { edit } = state;
  const button = (name: 'undo' | 'redo' | 'network' | 'all' | 'none', onClick: () => void) =>
    textButton(scope, texts, { id: `paint-${name}`, label: `paint.${name}`, class: 'small', onClick });
  const undo = button('undo', () => edit.undo());
  const redo = button('redo', () => edit.redo());
  const network = button('network', () => edit.restore());
  bindState(scope, texts, state, () => {
    setAvailable(undo, edit.canUndo);
    setAvailable(redo, edit.canRedo);
    setAvailable(network, edit.touched);
  });
  const whole = state.isWhole ? [button('all', () => edit.fill(1)), button('none', () => edit.fill(0))] : [];
  return h('div', { class: 'paint-buttons' }, undo, redo, network, ...whole);
}
