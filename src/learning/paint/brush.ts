import { Emitter } from '../../core/emitter.ts';
import { type Brush as BrushShape, coverBox, coverLine, overtones } from '../../dsp/mask-paint.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import type { MaskGeometry, MaskPlace } from './mask-geometry.ts';

export const TOOLS = ['brush', 'eraser', 'box', 'harmonics'] as const;
export type Tool = (typeof TOOLS)[number];

export interface BrushSettings {
  readonly tool: Tool;
  /** Radius of the brush, pixels of the screen. */
  readonly size: number;
  /** Share of the radius over which the brush fades out, 0 to 1. */
  readonly feather: number;
  /** Mask value that is painted, 0 to 1; the eraser paints 0. */
  readonly value: number;
}

/** What holds the pen: a pointer, by its id, or the keyboard. */
export type PenHolder = number | 'keyboard';

export interface BrushOptions {
  readonly edit: MaskEdit;
  /** How the mask is shown now. */
  readonly geometry: () => MaskGeometry;
  readonly settings: () => BrushSettings;
}

type BrushEvents = {
  /** The pen of a holder went down or up. */
  pen: [down: boolean, holder: PenHolder];
  /** The crosshair would leave the canvas on the left (−1) or on the right (1). */
  edge: [side: -1 | 1];
};

/** Turns the moves of a pen into strokes on a mask. The keyboard moves a crosshair instead of a pointer. */
export class Brush extends Emitter<BrushEvents> {
  readonly #options: BrushOptions;
  #holder: PenHolder | undefined;
  #corner: MaskPlace | undefined;
  #last: MaskPlace | undefined;
  /** The crosshair, in shares of the canvas. */
  #crosshair = { x: 0.5, y: 0.5 };

  constructor(options: BrushOptions) {
    super();
    this.#options = options;
  }

  /** What holds the pen down; undefined: the pen is up. */
  get holder(): PenHolder | undefined {
    return this.#holder;
  }

  /** Where the pen went down; undefined: the pen is up. */
  get corner(): MaskPlace | undefined {
    return this.#corner;
  }

  get crosshair(): MaskPlace {
    return this.#options.geometry().placeOf(this.#crosshair.x, this.#crosshair.y);
  }

  /** Puts the pen down, unless it is down already. */
  down(holder: PenHolder, place: MaskPlace): void {
    if (this.#holder !== undefined) return;
    const { tool, value } = this.#options.settings();
    this.#holder = holder;
    this.#corner = place;
    this.#last = undefined;
    this.#options.edit.begin(tool === 'eraser' ? 0 : value);
    this.move(holder, place);
    this.emit('pen', true, holder);
  }

  /** Moves the pen of its holder; ignored for another one. */
  move(holder: PenHolder, place: MaskPlace): void {
    if (this.#holder !== holder) return;
    const { tool } = this.#options.settings();
    if (tool !== 'box') this.#stroke(this.#last ?? place, place, tool);
    this.#last = place;
  }

  /** Lifts the pen. */
  up(holder: PenHolder): void {
    if (this.#holder !== holder) return;
    const { edit, settings } = this.#options;
    const [from, to] = [this.#corner, this.#last];
    if (settings().tool === 'box' && from && to) {
      edit.stroke((cover) => coverBox(edit.size, { from, to }, this.#shape(to), cover));
    }
    edit.end();
    this.#release(holder);
  }

  /** Lifts the pen and takes its stroke back. */
  cancel(holder: PenHolder): void {
    if (this.#holder !== holder) return;
    this.#options.edit.cancel();
    this.#release(holder);
  }

  /** Moves the crosshair by pixels, to the right and upwards, and the keyboard's pen with it. */
  moveCrosshair(right: number, up: number): void {
    const { width, height } = this.#options.geometry();
    const x = this.#crosshair.x + right / width;
    const y = this.#crosshair.y + up / height;
    if (this.#holder === undefined && (x < 0 || x > 1)) this.emit('edge', x < 0 ? -1 : 1);
    this.#crosshair = { x: clampUnit(x), y: clampUnit(y) };
    this.move('keyboard', this.crosshair);
  }

  #release(holder: PenHolder): void {
    this.#holder = undefined;
    this.#corner = undefined;
    this.emit('pen', false, holder);
  }

  #stroke(from: MaskPlace, to: MaskPlace, tool: Tool): void {
    const { edit } = this.#options;
    const { size, kept } = edit;
    const shape = this.#shape(to);
    if (tool !== 'harmonics') {
      edit.stroke((cover) => coverLine(size, { from, to }, shape, cover));
      return;
    }
    const starts = overtones(from.bin, kept.scale);
    edit.stroke((cover) =>
      overtones(to.bin, kept.scale).forEach((bin, n) => {
        // A rising tone has fewer overtones below the top than it had before.
        const start = { frame: from.frame, bin: starts[n] ?? bin };
        coverLine(size, { from: start, to: { frame: to.frame, bin } }, shape, cover);
      }),
    );
  }

  #shape(place: MaskPlace): BrushShape {
    const { edit, geometry, settings } = this.#options;
    const { size, feather, tool } = settings();
    const { radiusFrames, radiusBins } = geometry().radiusAt(place, size);
    // Overtones are as far apart as the tone is high: a larger brush would join them.
    const { firstBinHz, binHz } = edit.kept.scale;
    const apart = (firstBinHz + place.bin * binHz) / binHz;
    return { radiusFrames, radiusBins: tool === 'harmonics' ? Math.min(radiusBins, apart / 3) : radiusBins, feather };
  }
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
