/** The part of the song that is on the screen, in seconds; shared by all lanes and pictures. */
export interface Viewport {
  readonly start: number;
  readonly span: number;
  readonly duration: number;
}

/** The narrowest part that can be shown, seconds: a few frames of a picture, which can be told apart. */
export const MIN_VIEW_SECONDS = 0.25;

/** The whole song. */
export function wholeSong(duration: number): Viewport {
  return { start: 0, span: duration, duration };
}

/** Whether the whole song is on the screen. */
export function showsAll(view: Viewport): boolean {
  return view.span >= view.duration;
}

function clamped(start: number, span: number, duration: number): Viewport {
  const narrow = Math.min(duration, Math.max(span, Math.min(MIN_VIEW_SECONDS, duration)));
  return { start: Math.min(Math.max(0, start), duration - narrow), span: narrow, duration };
}

/** Zooms by `factor` (2: twice as near); the moment `anchor` stays where it is on the screen. */
export function zoomed(view: Viewport, factor: number, anchor: number): Viewport {
  const span = view.span / factor;
  const narrow = Math.min(view.duration, Math.max(span, MIN_VIEW_SECONDS));
  const share = (anchor - view.start) / view.span;
  return clamped(anchor - share * narrow, narrow, view.duration);
}

/** Moves by `seconds`, staying within the song. */
export function panned(view: Viewport, seconds: number): Viewport {
  return clamped(view.start + seconds, view.span, view.duration);
}

/** Zooms by `factor`; what is at place `from` of the screen (0 to 1) comes to lie at `to`. */
export function pinched(view: Viewport, factor: number, from: number, to: number): Viewport {
  const near = zoomed(view, factor, timeAt(view, from));
  return panned(near, (from - to) * near.span);
}

/** Moves so that `position` is in the middle, as far as the song's ends allow. */
export function centred(view: Viewport, position: number): Viewport {
  return clamped(position - view.span / 2, view.span, view.duration);
}

/** The view with `margin` times its span more on each side, as far as there is song. */
export function widened(view: Viewport, margin: number): Viewport {
  const start = Math.max(0, view.start - margin * view.span);
  const end = Math.min(view.duration, view.start + (1 + margin) * view.span);
  return { start, span: end - start, duration: view.duration };
}

/** Moment at a place of the screen, `unit` 0 (left) to 1 (right). */
export function timeAt(view: Viewport, unit: number): number {
  return Math.min(view.duration, Math.max(0, view.start + unit * view.span));
}

/** Place of a moment on the screen: 0 left edge, 1 right edge, outside that beyond them. */
export function unitOfTime(view: Viewport, seconds: number): number {
  return view.span > 0 ? (seconds - view.start) / view.span : 0;
}

const TICK_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Round moments to label, at most `most` of them, and the step between them in seconds. */
export function timeTicks(view: Viewport, most: number): { readonly step: number; readonly times: readonly number[] } {
  const step = TICK_STEPS.find((s) => view.span / s <= Math.max(1, most)) ?? 7200;
  const times: number[] = [];
  for (let k = Math.max(0, Math.ceil(view.start / step - 1e-9)); k * step <= view.start + view.span + 1e-9; k++)
    times.push(k * step);
  return { step, times };
}
