import { overtones } from '../../dsp/mask-paint.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { svg } from '../../ui/shell/dom.ts';
import type { BrushSettings } from './brush.ts';
import type { MaskGeometry, MaskPlace } from './mask-geometry.ts';

export interface BrushMarksOptions {
  readonly geometry: MaskGeometry;
  readonly scale: SpectrogramScale;
  readonly settings: BrushSettings;
  /** Where the brush is. */
  readonly place: MaskPlace;
  /** Where the pen went down; undefined: the pen is up. */
  readonly corner: MaskPlace | undefined;
  readonly crosshair: boolean;
}

/** Half of the crosshair, pixels. */
const CROSSHAIR = 8;

/** Shapes that show what the brush would paint, in pixels of the canvas. */
export function brushMarks({ geometry, scale, settings, place, corner, crosshair }: BrushMarksOptions): SVGElement[] {
  const { width, height } = geometry;
  const at = (of: MaskPlace) => {
    const { x, y } = geometry.unitsOf(of);
    return { x: x * width, y: (1 - y) * height };
  };
  const { tool, size } = settings;
  const here = at(place);
  const shapes: SVGElement[] = [];
  if (tool === 'harmonics') {
    for (const bin of overtones(place.bin, scale)) {
      const { y } = at({ ...place, bin });
      shapes.push(svg('line', { x1: here.x - size, x2: here.x + size, y1: y, y2: y }));
    }
  } else if (tool !== 'box') {
    shapes.push(svg('circle', { cx: here.x, cy: here.y, r: size }));
  } else if (corner) {
    const { x, y } = at(corner);
    const box = { width: Math.abs(x - here.x), height: Math.abs(y - here.y) };
    shapes.push(svg('rect', { x: Math.min(x, here.x), y: Math.min(y, here.y), ...box }));
  }
  if (crosshair || tool === 'box') {
    const [left, top, length] = [here.x - CROSSHAIR, here.y - CROSSHAIR, 2 * CROSSHAIR];
    shapes.push(svg('path', { d: `M${left} ${here.y}h${length}M${here.x} ${top}v${length}` }));
  }
  return shapes;
}
