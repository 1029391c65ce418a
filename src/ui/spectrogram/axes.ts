import { clock, kilohertz } from '../../core/format.ts';
import { h } from '../shell/dom.ts';
import { timeTicks, unitOfTime, type Viewport } from '../timeline/viewport.ts';
import { type FrequencyAxis, frequencyTicks, noteTicks, unitOfHz } from './frequency-axis.ts';

/** Width of a time label, pixels. */
const TIME_LABEL_PIXELS = 84;

/** Room that a time label has before the right edge, pixels. */
const LAST_LABEL_PIXELS = 50;

/** Height of a frequency label, pixels. */
const FREQUENCY_LABEL_PIXELS = 17;

/** Height of “Hz” at the foot of the axis, up to the middle of the lowest label, pixels. */
const UNIT_PIXELS = 18;

/** Height of a note's name, pixels. */
const NOTE_LABEL_PIXELS = 15;

/**
 * Writes the moments of a view along a ruler that is `width` pixels wide. It moves labels that stay, since it runs in
 * every frame of an animation.
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
    // The last label stands left of its line, and needs twice the room there.
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

/** Writes frequencies beside a spectrogram that is `height` pixels high. */
export function drawFrequencyAxis(gutter: HTMLElement, axis: FrequencyAxis, height: number): void {
  const ticks = height > 0 ? frequencyTicks(axis, FREQUENCY_LABEL_PIXELS / height, UNIT_PIXELS / height) : [];
  gutter.replaceChildren(
    ...ticks.map((hz) => {
      const tick = h('span', { class: 'tick' }, kilohertz(hz));
      const unit = unitOfHz(axis, hz);
      tick.style.bottom = `${100 * unit}%`;
      if ((1 - unit) * height < 8) tick.classList.add('at-top');
      return tick;
    }),
    h('span', { class: 'unit' }, 'kHz'),
  );
}

/** Writes the names of the Cs into a layer over a spectrogram that is `height` pixels high. */
export function drawNoteAxis(layer: HTMLElement, axis: FrequencyAxis, height: number): void {
  const ticks = height > 0 ? noteTicks(axis, NOTE_LABEL_PIXELS / height) : [];
  layer.replaceChildren(
    ...ticks
      // At the edges, half of the name would be cut off.
      .filter(({ hz }) => Math.min(unitOfHz(axis, hz), 1 - unitOfHz(axis, hz)) * height > NOTE_LABEL_PIXELS / 2)
      .map(({ name, hz }) => {
        const tick = h('span', { class: 'note-tick' }, name);
        tick.style.bottom = `${100 * unitOfHz(axis, hz)}%`;
        return tick;
      }),
  );
}
