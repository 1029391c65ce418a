import { type SpectrogramRows, spectrogramOf } from '../spectrogram/spectrogram-rows.ts';
import type { FollowingView } from './following-view.ts';
import type { GestureHints } from './gesture-hints.ts';
import type { GestureActions, PlotPlace } from './gestures.ts';
import { showsAll, timeAt } from './viewport.ts';

/** What the gestures on a timeline work with. */
export interface TimelineGesturesOptions {
  readonly view: FollowingView;
  readonly spectrograms: SpectrogramRows;
  readonly hints: GestureHints;
  readonly seek: (seconds: number) => void;
  /** Called when the visible part has changed. */
  readonly moved: () => void;
  readonly hover: (place: PlotPlace | undefined) => void;
}

/** What taps, drags, wheels and pinches do on the plots of a timeline. */
export function timelineGestures({
  view,
  spectrograms,
  hints,
  seek,
  moved,
  hover,
}: TimelineGesturesOptions): GestureActions {
  const move = (change: () => void) => {
    change();
    moved();
  };
  return {
    tap: (unit) => seek(timeAt(view.now, unit)),
    drag: (delta, unit) => {
      if (showsAll(view.now)) seek(timeAt(view.now, unit));
      else move(() => view.pan(-delta));
    },
    pan: (units) => {
      if (showsAll(view.now)) return false;
      move(() => view.pan(units));
      return true;
    },
    zoom: (factor, unit) => {
      hints.did('zoom');
      move(() => view.zoomAt(factor, unit));
    },
    pinch: (factor, from, to) => move(() => view.pinch(factor, from, to)),
    hover,
    selects: (plot, shift) => (shift || spectrograms.selects) && spectrogramOf(plot) !== undefined,
    select: (begun, now) => {
      hints.did('select');
      spectrograms.drawRegion(begun, now);
    },
  };
}
