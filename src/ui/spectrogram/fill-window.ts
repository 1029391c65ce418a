import type { Scope } from '../../core/scope.ts';
import type { SpectrogramLayout } from './spectrogram-layout.ts';

/** Lets `element` fill the window with the spectrogram that the layout says, until Escape. */
export function fillWindow(scope: Scope, element: HTMLElement, layout: SpectrogramLayout): void {
  const show = () => element.classList.toggle('filled', layout.filling !== undefined);
  show();
  scope.add(layout.on('change', show));
  scope.listen(document, 'keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !layout.filling) return;
    event.preventDefault();
    layout.filling = undefined;
  });
}
