import { Emitter } from '../../core/emitter.ts';
import type { Cover, MaskSize } from '../../dsp/mask-paint.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { MaskFrames } from '../storage/mask-frames.ts';
import { ONE } from '../storage/spectrogram-cells.ts';

/** Limits of the undo history: steps, and bytes of all steps together. */
const MAX_STEPS = 200;
const MAX_BYTES = 64_000_000;

/** Frames on each side that the sound of a frame depends on. A frame can be painted only if they are separated. */
export const NEIGHBOURS = 2;

/** Previous rows of frames; undefined: the network's. */
type Step = ReadonlyMap<number, Uint16Array | undefined>;

export interface MaskEditEvents extends Record<string, readonly unknown[]> {
  /** The frames [from, to) may have changed. */
  changed: [from: number, to: number];
}

/** Frames in order, and their cells, frame after frame, 65535 being 1. */
export interface PaintedRows {
  readonly frames: readonly number[];
  readonly rows: Uint16Array;
}

/** Draws by calling `cover` for each cell. */
export type Paint = (cover: Cover) => void;

/**
 * A user's changes to the network's mask, frame by frame; other frames keep the network's values. Steps can be undone;
 * the oldest are dropped first.
 *
 * @example
 * const edit = new MaskEdit(storage.mask);
 * edit.begin(1);
 * edit.stroke((cover) => coverLine(edit.size, { from, to }, brush, cover));
 * edit.end();
 * edit.undo();
 */
export class MaskEdit extends Emitter<MaskEditEvents> {
  readonly kept: MaskFrames;
  readonly #rows = new Map<number, Uint16Array>();
  #undo: Step[] = [];
  #redo: Step[] = [];
  /** The step that is being painted: rows before it, and how far each cell is covered. */
  #open: { target: number; before: Map<number, Uint16Array | undefined>; cover: Map<number, Float32Array> } | undefined;

  constructor(kept: MaskFrames) {
    super();
    this.kept = kept;
  }

  /** Restores a stored painting as one step, which can be undone. */
  static restored(kept: MaskFrames, { frames, rows }: PaintedRows): MaskEdit {
    const edit = new MaskEdit(kept);
    const { bins } = kept.scale;
    for (const [n, frame] of frames.entries()) edit.#rows.set(frame, rows.slice(n * bins, (n + 1) * bins));
    if (frames.length > 0) edit.#push(new Map(frames.map((frame) => [frame, undefined])));
    return edit;
  }

  /** All that differs from the network's mask. */
  get painted(): PaintedRows {
    const { bins } = this.kept.scale;
    const frames = this.touchedFrames.toSorted((a, b) => a - b);
    const rows = new Uint16Array(frames.length * bins);
    for (const [n, frame] of frames.entries()) rows.set(this.row(frame), n * bins);
    return { frames, rows };
  }

  get size(): MaskSize {
    return this.kept.scale;
  }

  /** Whether anything differs from the network's mask. */
  get touched(): boolean {
    return this.#rows.size > 0;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Frames that a person changed. */
  get touchedFrames(): readonly number[] {
    return [...this.#rows.keys()];
  }

  /** Cells of a frame as they are now, 65535 being 1; not to be written to. */
  row(frame: number): Uint16Array {
    return this.#rows.get(frame) ?? this.kept.row(frame);
  }

  /** Columns of a spectrogram with the painted mask; the same object if nothing in them is painted. */
  over(columns: SpectrogramColumns): SpectrogramColumns {
    const { firstFrame, frames, bins } = columns;
    let mask: Float32Array | undefined;
    for (let n = 0; n < frames; n++) {
      const row = this.#rows.get(firstFrame + n);
      if (!row) continue;
      mask ??= columns.mask.slice();
      for (let bin = 0; bin < bins; bin++) mask[n * bins + bin] = row[bin] / ONE;
    }
    return mask ? { ...columns, mask } : columns;
  }

  /** Whether a frame can be painted: it and its neighbours are separated. */
  paintable(frame: number): boolean {
    const last = this.kept.scale.frames - 1;
    for (let at = Math.max(0, frame - NEIGHBOURS); at <= Math.min(last, frame + NEIGHBOURS); at++) {
      if (!this.kept.has(at)) return false;
    }
    return frame >= 0 && frame <= last;
  }

  /** Begins a step that moves covered cells towards `target`, in [0, 1]. Ends an open step. */
  begin(target: number): void {
    this.end();
    this.#open = { target: target * ONE, before: new Map(), cover: new Map() };
  }

  /**
   * Paints in the open step. Where strokes of one step overlap, the greater coverage counts: painting a place twice with
   * a soft brush does not harden it. Cells that are not separated yet do not change.
   */
  stroke(paint: Paint): void {
    const step = this.#open;
    if (!step) return;
    let from = Number.POSITIVE_INFINITY;
    let to = -1;
    paint((frame, bin, weight) => {
      const cover = step.cover.get(frame) ?? this.#openFrame(frame);
      if (!cover || weight <= cover[bin]) return;
      cover[bin] = weight;
      const before = step.before.get(frame) ?? this.kept.row(frame);
      this.#own(frame)[bin] = Math.round(before[bin] + weight * (step.target - before[bin]));
      from = Math.min(from, frame);
      to = Math.max(to, frame + 1);
    });
    if (to > from) this.emit('changed', from, to);
  }

  /** Ends the step, which can then be undone. */
  end(): void {
    const step = this.#open;
    this.#open = undefined;
    if (step && step.before.size > 0) this.#push(step.before);
  }

  /** Reverts and drops the open step. */
  cancel(): void {
    const before = this.#open?.before;
    this.#open = undefined;
    if (!before || before.size === 0) return;
    for (const [frame, row] of before) {
      if (row) this.#rows.set(frame, row);
      else this.#rows.delete(frame);
    }
    this.#tell(before);
  }

  /** One step: sets all separated cells to one value. */
  fill(value: number): void {
    const { frames, bins } = this.kept.scale;
    this.#replace(frames, () => new Uint16Array(bins).fill(Math.round(value * ONE)));
  }

  /** One step: replaces the mask, frame by frame, in [0, 65535]. */
  load(mask: Uint16Array): void {
    const { frames, bins } = this.kept.scale;
    this.#replace(frames, (frame) => mask.slice(frame * bins, (frame + 1) * bins));
  }

  /** One step: restores the network's mask. */
  restore(): void {
    this.end();
    const before = new Map(this.#rows);
    if (before.size === 0) return;
    this.#rows.clear();
    this.#push(before);
    this.#tell(before);
  }

  /** Undoes the last step; false if there is none. */
  undo(): boolean {
    this.end();
    return this.#swap(this.#undo, this.#redo);
  }

  /** Redoes the step undone last; false if there is none. */
  redo(): boolean {
    this.end();
    return this.#swap(this.#redo, this.#undo);
  }

  #openFrame(frame: number): Float32Array | undefined {
    const step = this.#open;
    if (!step || !this.paintable(frame)) return undefined;
    step.before.set(frame, this.#rows.get(frame)?.slice());
    const cover = new Float32Array(this.kept.scale.bins);
    step.cover.set(frame, cover);
    return cover;
  }

  #own(frame: number): Uint16Array {
    const row = this.#rows.get(frame) ?? this.kept.row(frame).slice();
    this.#rows.set(frame, row);
    return row;
  }

  #replace(frames: number, rowOf: (frame: number) => Uint16Array): void {
    this.end();
    const before = new Map<number, Uint16Array | undefined>();
    for (let frame = 0; frame < frames; frame++) {
      if (!this.paintable(frame)) continue;
      before.set(frame, this.#rows.get(frame));
      this.#rows.set(frame, rowOf(frame));
    }
    if (before.size === 0) return;
    this.#push(before);
    this.#tell(before);
  }

  #swap(from: Step[], to: Step[]): boolean {
    const step = from.pop();
    if (!step) return false;
    const now = new Map<number, Uint16Array | undefined>();
    for (const [frame, row] of step) {
      now.set(frame, this.#rows.get(frame));
      if (row) this.#rows.set(frame, row);
      else this.#rows.delete(frame);
    }
    to.push(now);
    this.#tell(step);
    return true;
  }

  #push(step: Step): void {
    this.#undo.push(step);
    this.#redo = [];
    const bytes = (kept: Step) => [...kept.values()].reduce((sum, row) => sum + (row?.byteLength ?? 0), 64 * kept.size);
    let total = 0;
    const first = this.#undo.findLastIndex((kept) => {
      total += bytes(kept);
      return total > MAX_BYTES;
    });
    // The last step can always be undone.
    this.#undo = this.#undo.slice(Math.min(this.#undo.length - 1, Math.max(first + 1, this.#undo.length - MAX_STEPS)));
  }

  #tell(step: Step): void {
    const frames = [...step.keys()];
    this.emit(
      'changed',
      frames.reduce((a, b) => Math.min(a, b)),
      frames.reduce((a, b) => Math.max(a, b)) + 1,
    );
  }
}
