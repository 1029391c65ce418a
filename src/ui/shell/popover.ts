import type { Scope } from '../../core/scope.ts';

/** Room between the window's edge, or the button, and the popover, pixels. */
const MARGIN = 8;

/** Height below the button from which on the popover lies there, pixels; with less, it lies where there is more. */
const MIN_HEIGHT = 320;

/**
 * Lets a button open and close a popover below or above it, within the window. The browser closes it by Escape and by a click
 * elsewhere, and leads the Tab key from the button into it. The style sheet gives its width as `--width`.
 *
 * @param edge which edges of button and popover lie over each other
 */
export function bindPopover(
  scope: Scope,
  button: HTMLButtonElement,
  popover: HTMLElement,
  edge: 'left' | 'right' = 'right',
): void {
  popover.popover = 'auto';
  button.popoverTargetElement = popover;
  const place = () => {
    const box = button.getBoundingClientRect();
    const { clientHeight } = document.documentElement;
    // Without the room of the scrollbar.
    const { right } = document.body.getBoundingClientRect();
    const below = clientHeight - box.bottom - 2 * MARGIN;
    const above = box.top - 2 * MARGIN;
    const isBelow = below >= Math.min(MIN_HEIGHT, above);
    const { style } = popover;
    style.maxWidth = `${right - 2 * MARGIN}px`;
    style.top = isBelow ? `${box.bottom + MARGIN}px` : 'auto';
    style.bottom = isBelow ? 'auto' : `${clientHeight - box.top + MARGIN}px`;
    style.maxHeight = `${Math.max(160, isBelow ? below : above)}px`;
    const most = `${right - MARGIN}px - min(var(--width), ${right - 2 * MARGIN}px)`;
    const wanted = edge === 'right' ? `${box.right}px - var(--width)` : `${box.left}px`;
    style.left = `max(${MARGIN}px, min(${wanted}, ${most}))`;
  };
  const follow = () => popover.matches(':popover-open') && place();
  scope.listen(popover, 'beforetoggle', (event) => (event as ToggleEvent).newState === 'open' && place());
  scope.listen(window, 'resize', follow);
  scope.listen(window, 'scroll', follow);
}
