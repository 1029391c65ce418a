/** Size of the drawing in CSS pixels, and its colour. */
export interface CurveStyle {
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}

/**
 * Draws a waveform round the middle. Where many samples share a pixel, the line reaches from the smallest to the greatest.
 *
 * @param value the sample at an index, in [−1, 1]
 */
export function drawCurve(
  context: CanvasRenderingContext2D,
  { width, height, colour }: CurveStyle,
  samples: number,
  value: (index: number) => number,
): void {
  const y = (v: number) => height / 2 - Math.max(-1, Math.min(1, v)) * (height / 2 - 1);
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  const step = samples / width;
  if (step <= 2) {
    for (let n = 0; n < samples; n++) context.lineTo((n * width) / (samples - 1), y(value(n)));
  } else {
    for (let x = 0; x < width; x++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      const end = Math.min(samples, Math.ceil((x + 1) * step));
      for (let n = Math.floor(x * step); n < end; n++) {
        const v = value(n);
        if (v < low) low = v;
        if (v > high) high = v;
      }
      context.moveTo(x + 0.5, y(low) + 0.6);
      context.lineTo(x + 0.5, y(high) - 0.6);
    }
  }
  context.stroke();
}
