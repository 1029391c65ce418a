import * as Comlink from 'comlink';
import { exposeEngine } from '../../core/expose-engine.ts';
import { freeMemory } from '../../core/memory.ts';
import { bandPass } from '../../dsp/band-pass.ts';
import { regionLevels } from './region-level.ts';
import type { SpectrogramEngine } from './spectrogram-engine.ts';
import { drawExportImage, EXPORT_IMAGE_SIZE } from './spectrogram-export.ts';
import { SpectrogramImage } from './spectrogram-image.ts';
import { SpectrogramPainter } from './spectrogram-painter.ts';

const songs = new Map<number, { readonly image: SpectrogramImage; readonly painter: SpectrogramPainter }>();

const engine: SpectrogramEngine = {
  open(song, scale) {
    const image = new SpectrogramImage(scale);
    songs.set(song, { image, painter: new SpectrogramPainter(image) });
  },

  write(song, columns) {
    songs.get(song)?.image.write(columns);
    freeMemory([columns.mixture, columns.mask]);
  },

  async paint(song, request) {
    const painter = songs.get(song)?.painter;
    if (!painter) return undefined;
    const { columns } = request.place;
    const pixels = painter.paint(request);
    const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(pixels.buffer), columns, request.rows), {
      premultiplyAlpha: 'none',
    });
    // Up to 0.4 MB per tile.
    freeMemory([pixels]);
    return Comlink.transfer(bitmap, [bitmap]);
  },

  at(song, frame, bin) {
    return songs.get(song)?.image.at(frame, bin);
  },

  levels(song, region) {
    const image = songs.get(song)?.image;
    return image && regionLevels(image, region);
  },

  bandPass(channels, sampleRate, band, [before, after]) {
    const kept = bandPass(channels, sampleRate, band).map((sound) => sound.slice(before, sound.length - after));
    return Comlink.transfer(
      kept,
      kept.map(({ buffer }) => buffer),
    );
  },

  async exportImage(song, request) {
    const open = songs.get(song);
    const canvas = new OffscreenCanvas(EXPORT_IMAGE_SIZE.width, EXPORT_IMAGE_SIZE.height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!open || !context) return undefined;
    drawExportImage(context, open.image, new SpectrogramPainter(open.image), request);
    return await canvas.convertToBlob({ type: 'image/png' });
  },

  close(song) {
    songs.delete(song);
  },
};

exposeEngine(engine);
