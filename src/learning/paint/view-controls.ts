import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import type { LearningKey } from '../texts.ts';
import { textButton } from '../widgets/buttons.ts';
import { slider } from '../widgets/slider.ts';
import type { MaskCanvas } from './mask-canvas.ts';
import type { PaintState } from './paint-state.ts';

/** Factor of one click on a zoom button. */
const ZOOM = 1.6;

/** Controls for the part of the song that the canvas shows: a slider, buttons, and the wheel with Ctrl. */
export function viewControls(
  scope: Scope,
  { texts, song: { player } }: LearningContext,
  state: PaintState,
  canvas: MaskCanvas,
): readonly HTMLElement[] {
  const position = slider(scope, texts, {
    id: 'paint-position',
    label: 'paint.position',
    min: 0,
    max: Math.ceil(state.view.duration),
    step: 0.5,
    value: state.view.start,
    text: (value) => clock(value),
    onInput: (value) => state.change({ start: value }),
  });
  scope.add(
    state.on('view', () => {
      position.value = state.view.start;
    }),
  );
  scope.listen(
    canvas.surface,
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      state.zoom(Math.exp(-event.deltaY / 300));
    },
    { passive: false },
  );
  const button = (id: string, label: LearningKey, onClick: () => void) =>
    textButton(scope, texts, { id, label, class: 'small', onClick });
  const buttons = h(
    'div',
    { class: 'paint-buttons' },
    button('paint-zoom-in', 'learn.zoomIn', () => state.zoom(ZOOM)),
    button('paint-zoom-out', 'learn.zoomOut', () => state.zoom(1 / ZOOM)),
    button('paint-here', 'paint.here', () => state.showPlayhead()),
    button('paint-play-here', 'paint.playHere', () => player.seek(state.view.start)),
  );
  return [position.element, buttons];
}
