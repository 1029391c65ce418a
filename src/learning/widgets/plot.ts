import { h } from '../../ui/shell/dom.ts';

/** Colours of the style sheet, by their names there. */
export type Ink = '--ink' | '--muted' | '--line' | '--brand' | '--vocals' | '--accompaniment' | '--sunken';

/** Draws with a context whose unit is a CSS pixel. */
export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  ink: (name: Ink) => string,
) => void;

/** A canvas that is as sharp as the screen, in the colours of the page. */
export interface Plot {
  readonly canvas: HTMLCanvasElement;
  /** Clears the canvas and draws. Does nothing while the canvas is hidden. */
  draw(draw: Draw): void;
}

/** A plot with `role="img"`: give its canvas a label. */
export function plot(className: string): Plot {
  const canvas = h('canvas', { class: `plot ${className}`, role: 'img' });
  return {
    canvas,
    draw(draw) {
      const { clientWidth: width, clientHeight: height } = canvas;
      if (width === 0 || height === 0) return;
      const sharpness = Math.min(2, devicePixelRatio);
      canvas.width = Math.round(width * sharpness);
      canvas.height = Math.round(height * sharpness);
      const context = canvas.getContext('2d');
      if (!context) return;
      context.scale(sharpness, sharpness);
      const style = getComputedStyle(canvas);
      draw(context, width, height, (name) => style.getPropertyValue(name).trim());
    },
  };
}
