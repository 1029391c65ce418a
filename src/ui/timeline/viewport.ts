/** The visible part of the song, in seconds; all tracks and spectrograms share it. */
export interface Viewport {
  readonly start: number;
  readonly span: number;
  readonly duration: number;
}

/** Least visible part, seconds: single frames of a spectrogram can be told apart there. */
export const MIN_VIEW_SECONDS = 0.25;

/** The whole song. */
export function wholeSong(duration: number): Viewport {
  return { start: 0, span: duration, duration };
}

/** Whether the whole song is visible. */
export function showsAll(view: Viewport): boolean {
  return view.span >= view.duration;
}

function clamped(start: number, span: number, duration: number): Viewport {
  const narrow = Math.min(duration, Math.max(span, Math.min(MIN_VIEW_SECONDS, duration)));
  return { start: Math.min(Math.max(0, start), duration - narrow), span: narrow, duration };
}

/** Zooms by `factor` (2: half the span); the moment `anchor` keeps its place. */
export function zoomed(view: Viewport, factor: number, anchor: number): Viewport {
  const span = view.span / factor;
  const narrow = Math.min(view.duration, Math.max(span, MIN_VIEW_SECONDS));
  const share = (anchor - view.start) / view.span;
  return clamped(anchor - share * narrow, narrow, view.duration);
}

/** Moves by `seconds` within the song. */
export function panned(view: Viewport, seconds: number): Viewport {
  return clamped(view.start + seconds, view.span, view.duration);
}

/** Zooms by `factor` and moves what is at place `from` (0 to 1) to place `to`. */
export function pinched(view: Viewport, factor: number, from: number, to: number): Viewport {
  const near = zoomed(view, factor, timeAt(view, from));
  return panned(near, (from - to) * near.span);
}

/** Moves `position` to the middle, as far as the ends of the song allow. */
export function centred(view: Viewport, position: number): Viewport {
  return clamped(position - view.span / 2, view.span, view.duration);
}

/** The view with `margin` times its span added on each side, within the song. */
export function widened(view: Viewport, margin: number): Viewport {
  const start = Math.max(0, view.start - margin * view.span);
  const end = Math.min(view.duration, view.start + (1 + margin) * view.span);
  return { start, span: end - start, duration: view.duration };
}

/** Moment at a place of the view, `unit` 0 (left) to 1 (right); clamped to the song. */
export function timeAt(view: Viewport, unit: number): number {
  return Math.min(view.duration, Math.max(0, view.start + unit * view.span));
}

/** Place of a moment in the view: 0 left edge, 1 right edge; beyond them outside. */
export function unitOfTime(view: Viewport, seconds: number): number {
  return view.span > 0 ? (seconds - view.start) / view.span : 0;
}

const TICK_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Round moments to label, at most `max` of them, and the step between them; seconds. */
export function timeTicks(view: Viewport, max: number): { readonly step: number; readonly times: readonly number[] } {
  const step = TICK_STEPS.find((s) => view.span / s <= Math.max(1, max)) ?? 7200;
  const times: number[] = [];
  for (let k = Math.max(0, Math.ceil(view.start / step - 1e-9)); k * step <= view.start + view.span + 1e-9; k++)
    times.push(k * step);
  return { step, times };
}
