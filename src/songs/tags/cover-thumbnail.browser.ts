import type { Cover } from '../../audio/tags/song-tags.ts';

/** Edge of the picture, pixels: twice that of its largest place on the page. */
const EDGE = 128;

/** Larger covers are not drawn: unpacked they take many times their memory. */
const MAX_BYTES = 1 << 25;

/**
 * A cover as a small square picture, cut to its middle.
 *
 * @returns a data URL (JPEG); undefined where the browser cannot draw the cover
 */
export async function coverThumbnail({ data, mimeType }: Cover): Promise<string | undefined> {
  if (data.length > MAX_BYTES || typeof OffscreenCanvas === 'undefined') return undefined;
  try {
    const whole = await createImageBitmap(new Blob([data as Uint8Array<ArrayBuffer>], { type: mimeType }));
    const { width, height } = whole;
    const side = Math.min(width, height);
    const canvas = new OffscreenCanvas(EDGE, EDGE);
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    // JPEG knows no transparency.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, EDGE, EDGE);
    context.imageSmoothingQuality = 'high';
    context.drawImage(whole, (width - side) / 2, (height - side) / 2, side, side, 0, 0, EDGE, EDGE);
    whole.close();
    return await dataUrl(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 }));
  } catch {
    return undefined;
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
