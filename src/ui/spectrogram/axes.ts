import { clock, shortHz } from '../../core/format.ts';
import { h } from '../shell/dom.ts';
import { timeTicks, unitOfTime, type Viewport } from '../timeline/viewport.ts';
import { type FrequencyAxis, frequencyTicks, noteTicks, unitOfHz } from './frequency-axis.ts';

/** Pixels that a label of time needs. */
const TIME_LABEL_PIXELS = 84;

/** … and that it has before the right edge. */
const LAST_LABEL_PIXELS = 50;

/** Pixels that a label of frequency needs. */
const FREQUENCY_LABEL_PIXELS = 17;

/** … and that “Hz” at its foot needs, up to the middle of the lowest one. */
const UNIT_PIXELS = 18;

/** Pixels that the name of a note needs. */
const NOTE_LABEL_PIXELS = 15;

/**
 * Writes the moments of the shown part along a ruler that is `width` pixels wide. Labels that stay are moved: this runs for
 * every picture of the screen while the view glides.
 */
export function drawTimeRuler(ruler: HTMLElement, view: Viewport, width: number): void {
  const { step, times } = timeTicks(view, Math.max(2, width / TIME_LABEL_PIXELS));
  const decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const known = new Map<string, HTMLElement>();
  for (const tick of ruler.children) if (tick instanceof HTMLElement) known.set(tick.dataset.time ?? '', tick);
  let fresh = false;
  const ticks = times.map((time) => {
    const text = clock(time, decimals);
    const unit = unitOfTime(view, time);
    // The last label would hang over the edge; left of its line, it needs the room of two.
    const atEnd = unit * width > width - LAST_LABEL_PIXELS;
    const bare = atEnd && (step / view.span) * width < 2 * LAST_LABEL_PIXELS;
    const key = `${text}${bare ? ' bare' : ''}`;
    const old = known.get(key);
    const tick = old ?? h('span', { class: 'tick', 'data-time': key }, h('span', {}, bare ? '' : text));
    if (!old) fresh = true;
    tick.style.left = `${100 * unit}%`;
    tick.classList.toggle('at-end', atEnd);
    return tick;
  });
  if (fresh || ticks.length !== known.size) ruler.replaceChildren(...ticks);
}

/** Writes frequencies beside a picture that is `height` pixels high. */
export function drawFrequencyAxis(gutter: HTMLElement, axis: FrequencyAxis, height: number): void {
  const ticks = height > 0 ? frequencyTicks(axis, FREQUENCY_LABEL_PIXELS / height, UNIT_PIXELS / height) : [];
  gutter.replaceChildren(
    ...ticks.map((hz) => {
      const tick = h('span', { class: 'tick' }, shortHz(hz));
      const unit = unitOfHz(axis, hz);
      tick.style.bottom = `${100 * unit}%`;
      if ((1 - unit) * height < 8) tick.classList.add('at-top');
      return tick;
    }),
    h('span', { class: 'unit' }, 'Hz'),
  );
}

/** Writes the Cs into a layer over a picture that is `height` pixels high. */
export function drawNoteAxis(layer: HTMLElement, axis: FrequencyAxis, height: number): void {
  const ticks = height > 0 ? noteTicks(axis, NOTE_LABEL_PIXELS / height) : [];
  layer.replaceChildren(
    ...ticks
      // At the very edges half of the name would be cut off.
      .filter(({ hz }) => Math.min(unitOfHz(axis, hz), 1 - unitOfHz(axis, hz)) * height > NOTE_LABEL_PIXELS / 2)
      .map(({ name, hz }) => {
        const tick = h('span', { class: 'note-tick' }, name);
        tick.style.bottom = `${100 * unitOfHz(axis, hz)}%`;
        return tick;
      }),
  );
}
