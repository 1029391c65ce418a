/** The size of a mask in cells: frames × bins. */
export interface MaskSize {
  readonly frames: number;
  readonly bins: number;
}

/** A point on a mask, in cells; may be fractional. */
export interface MaskPoint {
  readonly frame: number;
  readonly bin: number;
}

/** The shape of a brush. */
export interface Brush {
  /** The radii of an ellipse, in frames and in bins, > 0. */
  readonly radiusFrames: number;
  readonly radiusBins: number;
  /** The part of the radius over which it fades out, in [0, 1]; 0 is a hard edge. */
  readonly feather: number;
}

/** A straight line between two points. */
export interface MaskLine {
  readonly from: MaskPoint;
  readonly to: MaskPoint;
}

/** A rectangle between two opposite corners, whose cells belong to it. */
export type MaskBox = MaskLine;

/** Receives a covered cell and its weight in (0, 1]. */
export type Cover = (frame: number, bin: number, weight: number) => void;

/** The weight at a distance in radii: 1 inside, then half a cosine down to 0 at distance 1. */
function fade(distance: number, feather: number): number {
  if (distance > 1) return 0;
  const inside = 1 - feather;
  if (distance <= inside) return 1;
  return 0.5 + 0.5 * Math.cos((Math.PI * (distance - inside)) / feather);
}

/**
 * Calls `cover` for the cells under a brush stroke along a line: the cells within one radius of the line. The cells at
 * both ends are always covered, however thin the brush.
 */
export function coverLine(size: MaskSize, { from, to }: MaskLine, brush: Brush, cover: Cover): void {
  const { radiusFrames, radiusBins, feather } = brush;
  const radiusX = Math.max(0.5, radiusFrames);
  const radiusY = Math.max(0.5, radiusBins);
  const [low, high] = [Math.min(from.frame, to.frame) - radiusX, Math.max(from.frame, to.frame) + radiusX];
  const [bottom, top] = [Math.min(from.bin, to.bin) - radiusY, Math.max(from.bin, to.bin) + radiusY];
  const dx = (to.frame - from.frame) / radiusX;
  const dy = (to.bin - from.bin) / radiusY;
  const length = dx * dx + dy * dy;
  for (let frame = Math.max(0, Math.ceil(low)); frame <= Math.min(size.frames - 1, high); frame++) {
    for (let bin = Math.max(0, Math.ceil(bottom)); bin <= Math.min(size.bins - 1, top); bin++) {
      const x = (frame - from.frame) / radiusX;
      const y = (bin - from.bin) / radiusY;
      const along = length > 0 ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      const weight = fade(Math.hypot(x - along * dx, y - along * dy), feather);
      if (weight > 0) cover(frame, bin, weight);
    }
  }
}

/** Calls `cover` for the cells of a box. It fades out beyond its edges over feather × radius cells of `brush`. */
export function coverBox(size: MaskSize, { from, to }: MaskBox, brush: Brush, cover: Cover): void {
  const marginX = brush.feather * brush.radiusFrames;
  const marginY = brush.feather * brush.radiusBins;
  const [low, high] = [Math.round(Math.min(from.frame, to.frame)), Math.round(Math.max(from.frame, to.frame))];
  const [bottom, top] = [Math.round(Math.min(from.bin, to.bin)), Math.round(Math.max(from.bin, to.bin))];
  const outside = (value: number, min: number, max: number, margin: number) => {
    const beyond = Math.max(0, min - value, value - max);
    return beyond === 0 ? 0 : margin > 0 ? beyond / (margin + 1) : 2;
  };
  for (
    let frame = Math.max(0, Math.ceil(low - marginX));
    frame <= Math.min(size.frames - 1, Math.floor(high + marginX));
    frame++
  ) {
    for (
      let bin = Math.max(0, Math.ceil(bottom - marginY));
      bin <= Math.min(size.bins - 1, Math.floor(top + marginY));
      bin++
    ) {
      const weight = fade(
        Math.hypot(outside(frame, low, high, marginX), outside(bin, bottom, top, marginY)),
        brush.feather > 0 ? 1 : 0,
      );
      if (weight > 0) cover(frame, bin, weight);
    }
  }
}

/** The frequencies of a mask's bins, in hertz. */
export interface BinHertz {
  readonly bins: number;
  readonly firstBinHz: number;
  readonly binHz: number;
}

/**
 * The bins of a tone and its overtones: n·f for n = 1, 2, …, up to the mask's top, where f is the frequency at `bin`.
 * Only the tone itself when its overtones would be closer than `minSpacing` bins, too close to separate.
 */
export function overtones(bin: number, { bins, firstBinHz, binHz }: BinHertz, minSpacing = 2): readonly number[] {
  const hz = firstBinHz + bin * binHz;
  if (hz / binHz < minSpacing) return [bin];
  const found: number[] = [];
  for (let n = 1; ; n++) {
    const at = (n * hz - firstBinHz) / binHz;
    if (at > bins - 1 && n > 1) return found;
    found.push(at);
  }
}
