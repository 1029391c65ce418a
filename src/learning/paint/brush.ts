import type { Scope } from '../../core/scope.ts';
import { type Brush, coverBox, coverLine, overtones } from '../../dsp/mask-paint.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { svg } from '../../ui/shell/dom.ts';
import type { MaskCanvas, MaskCanvasPlace } from './mask-canvas.ts';

export const TOOLS = ['brush', 'eraser', 'box', 'harmonics'] as const;
export type Tool = (typeof TOOLS)[number];

/** What is painted with. */
export interface BrushSettings {
  readonly tool: Tool;
  /** Half of the brush on the screen, pixels. */
  readonly size: number;
  /** Share of it over which it fades out. */
  readonly feather: number;
  /** Mask that is painted; the eraser paints 0. */
  readonly value: number;
}

/** Pixels that the keyboard's cross moves at once; with Shift as many more. */
const STEP = 6;
const FAR = 5;

export interface BrushOptions {
  readonly settings: () => BrushSettings;
  /** Something is done that shows in words: the pen of the keyboard goes down or up. */
  readonly onPen: (down: boolean) => void;
  /** The place under the pointer or the cross; undefined: none. */
  readonly onPlace: (place: MaskCanvasPlace | undefined) => void;
  /** The cross would leave the board: shows what lies there. */
  readonly onEdge: (side: -1 | 1) => void;
}

/**
 * Turns pointer and keys into strokes on a mask. By keys: the arrows move a cross, Enter or Space puts the pen down and
 * takes it up again, Escape drops what the pen did.
 */
export class BrushInput {
  readonly #edit: MaskEdit;
  readonly #board: MaskCanvas;
  readonly #options: BrushOptions;
  /** The pointer that paints; 'keys' for the keyboard's pen. */
  #pen: number | 'keys' | undefined;
  #corner: MaskCanvasPlace | undefined;
  #last: MaskCanvasPlace | undefined;
  /** The cross, in shares of the board. */
  #cross = { x: 0.5, y: 0.5 };
  #crossShown = false;

  constructor(scope: Scope, edit: MaskEdit, board: MaskCanvas, options: BrushOptions) {
    this.#edit = edit;
    this.#board = board;
    this.#options = options;
    const { surface } = board;
    scope.listen(surface, 'pointerdown', (event) => {
      if (this.#pen !== undefined || event.button !== 0) return;
      surface.setPointerCapture(event.pointerId);
      this.#crossShown = false;
      this.#down(event.pointerId, board.placeAt(event));
    });
    scope.listen(surface, 'pointermove', (event) => {
      // All places since the last call, so that a fast stroke is as round as a slow one.
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length > 0 ? events : [event]) {
        if (this.#pen === event.pointerId) this.#move(board.placeAt(one));
      }
      this.#crossShown = false;
      this.#show(board.placeAt(event));
    });
    const up = (event: PointerEvent) => {
      if (this.#pen === event.pointerId) this.#up(event.type === 'pointerup');
    };
    scope.listen(surface, 'pointerup', up);
    scope.listen(surface, 'pointercancel', up);
    scope.listen(surface, 'pointerleave', () => this.#pen === undefined && this.#show(undefined));
    scope.listen(surface, 'keydown', (event) => this.#key(event));
    scope.listen(surface, 'focus', () => {
      if (!surface.matches(':focus-visible')) return;
      this.#crossShown = true;
      this.#show(this.#crossPlace);
    });
    scope.listen(surface, 'blur', () => {
      if (this.#pen === 'keys') this.#up(true);
      this.#crossShown = false;
      this.#show(undefined);
    });
  }

  get #crossPlace(): MaskCanvasPlace {
    return this.#board.placeOf(this.#cross.x, this.#cross.y);
  }

  #down(pen: number | 'keys', place: MaskCanvasPlace): void {
    const { tool, value } = this.#options.settings();
    this.#pen = pen;
    this.#corner = place;
    this.#last = undefined;
    this.#edit.begin(tool === 'eraser' ? 0 : value);
    this.#move(place);
  }

  #move(place: MaskCanvasPlace): void {
    const { tool } = this.#options.settings();
    if (tool !== 'box') this.#stroke(this.#last ?? place, place, tool);
    this.#last = place;
  }

  #up(whole: boolean): void {
    const { tool } = this.#options.settings();
    const [from, to] = [this.#corner, this.#last];
    if (whole && tool === 'box' && from && to) {
      this.#edit.stroke((cover) => coverBox(this.#edit.size, { from, to }, this.#brush(to), cover));
    }
    if (whole) this.#edit.end();
    else this.#edit.cancel();
    this.#pen = undefined;
    this.#corner = undefined;
    this.#show(to);
  }

  #stroke(from: MaskCanvasPlace, to: MaskCanvasPlace, tool: Tool): void {
    const { size, kept } = this.#edit;
    const brush = this.#brush(to);
    if (tool !== 'harmonics') {
      this.#edit.stroke((cover) => coverLine(size, { from, to }, brush, cover));
      return;
    }
    const { scale } = kept;
    const starts = overtones(from.bin, scale);
    this.#edit.stroke((cover) =>
      overtones(to.bin, scale).forEach((bin, n) => {
        const before = starts[n];
        // A tone that rises past the top has fewer overtones than before.
        const line = { from: { frame: from.frame, bin: before ?? bin }, to: { frame: to.frame, bin } };
        coverLine(size, line, brush, cover);
      }),
    );
  }

  #brush(place: MaskCanvasPlace): Brush {
    const { size, feather, tool } = this.#options.settings();
    const { radiusFrames, radiusBins } = this.#board.radiusAt(place, size);
    // Overtones lie as close as the tone is deep: a brush that is higher would join them.
    const { firstBinHz, binHz } = this.#edit.kept.scale;
    const apart = (firstBinHz + place.bin * binHz) / binHz;
    return { radiusFrames, radiusBins: tool === 'harmonics' ? Math.min(radiusBins, apart / 3) : radiusBins, feather };
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? STEP * FAR : STEP;
    const { width, height } = this.#board.surface.getBoundingClientRect();
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-far / width, 0],
      ArrowRight: [far / width, 0],
      ArrowUp: [0, far / height],
      ArrowDown: [0, -far / height],
    };
    const move = moves[event.key];
    if (move) {
      const x = this.#cross.x + move[0];
      if (this.#pen === undefined && (x < 0 || x > 1)) this.#options.onEdge(x < 0 ? -1 : 1);
      this.#cross = { x: clampUnit(x), y: clampUnit(this.#cross.y + move[1]) };
      if (this.#pen === 'keys') this.#move(this.#crossPlace);
    } else if (event.key === 'Enter' || event.key === ' ') {
      // A key that is held down is no second stroke.
      if (event.repeat) event.preventDefault();
      else if (this.#pen === undefined) this.#down('keys', this.#crossPlace);
      else if (this.#pen === 'keys') this.#up(true);
      this.#options.onPen(this.#pen === 'keys');
    } else if (event.key === 'Escape' && this.#pen === 'keys') {
      this.#up(false);
      this.#options.onPen(false);
    } else return;
    // The page's keys would play, or move the song.
    event.preventDefault();
    this.#crossShown = true;
    this.#show(this.#crossPlace);
  }

  #show(place: MaskCanvasPlace | undefined): void {
    this.#options.onPlace(place);
    const { width, height } = this.#board.surface.getBoundingClientRect();
    if (!place || width === 0) {
      this.#board.mark([]);
      return;
    }
    const at = (of: MaskCanvasPlace) => {
      const { x, y } = this.#board.unitsOf(of);
      return { x: x * width, y: (1 - y) * height };
    };
    const { tool, size } = this.#options.settings();
    const here = at(place);
    const shapes: SVGElement[] = [];
    if (tool === 'box' && this.#pen !== undefined && this.#corner) {
      const corner = at(this.#corner);
      shapes.push(
        svg('rect', {
          x: Math.min(corner.x, here.x),
          y: Math.min(corner.y, here.y),
          width: Math.abs(corner.x - here.x),
          height: Math.abs(corner.y - here.y),
        }),
      );
    } else if (tool === 'harmonics') {
      for (const bin of overtones(place.bin, this.#edit.kept.scale)) {
        const { y } = at({ ...place, bin });
        shapes.push(svg('line', { x1: here.x - size, x2: here.x + size, y1: y, y2: y }));
      }
    } else if (tool !== 'box') shapes.push(svg('circle', { cx: here.x, cy: here.y, r: size }));
    if (this.#crossShown || tool === 'box') {
      shapes.push(svg('path', { d: `M${here.x - 8} ${here.y}h16M${here.x} ${here.y - 8}v16` }));
    }
    this.#board.mark(shapes);
  }
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
