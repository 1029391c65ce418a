import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { magma } from '../spectrogram/colour-maps.ts';
import { h, setText } from './dom.ts';

const WIDTH = 360;
const HEIGHT = 220;
const PARTS = ['mixture', 'vocals', 'accompaniment'] as const;

/**
 * An invented spectrogram that shows voice and band in turn: what the page does, before there is a song. It is drawn
 * from formulas, so it costs no download. The change is a CSS animation, which stands still for people who prefer
 * reduced motion.
 */
export function heroArt(scope: Scope, i18n: I18n): HTMLElement {
  const canvases = PARTS.map(() => h('canvas', { width: WIDTH, height: HEIGHT }));
  const captions = PARTS.map(() => h('span'));
  const plates = PARTS.map((part, n) => h('div', { class: `plate ${part}` }, canvases[n]));
  const figure = h(
    'figure',
    { class: 'art', role: 'img' },
    h('div', { class: 'plates' }, ...plates),
    h('figcaption', { 'aria-hidden': 'true' }, ...captions),
  );
  i18n.bind(scope, () => {
    figure.setAttribute('aria-label', i18n.t('start.art'));
    setText(captions[0], i18n.t('start.artMixture'));
    setText(captions[1], i18n.t('start.artVocals'));
    setText(captions[2], i18n.t('start.artAccompaniment'));
  });
  // The texts come first, then one image per frame.
  const voice = new Float32Array(WIDTH * HEIGHT);
  const band = new Float32Array(WIDTH * HEIGHT);
  const steps = [
    () => drawVoice(voice),
    () => drawBand(band),
    () =>
      paint(
        canvases[0],
        voice.map((v, i) => Math.max(v, band[i])),
      ),
    () => paint(canvases[1], voice),
    () => paint(canvases[2], band),
  ];
  const next = () => {
    steps.shift()?.();
    if (steps.length > 0) scope.frame(next);
  };
  scope.frame(next);
  return figure;
}

function paint(canvas: HTMLCanvasElement, level: Float32Array): void {
  // Drawn once: the graphics processor is not worth waking for it.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  const image = context.createImageData(WIDTH, HEIGHT);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = magma.pixels[Math.round(255 * Math.min(1, level[i] + grain(i)))];
  context.putImageData(image, 0, 0);
}

/** A noise floor, the same at every visit. */
function grain(i: number): number {
  const x = Math.sin(i * 12.9898) * 43_758.5453;
  return 0.07 * (x - Math.floor(x));
}

/** A soft spot in one column. */
interface Dab {
  readonly x: number;
  /** Rows from the bottom. */
  readonly y: number;
  readonly strength: number;
  /** Half width, rows, at which it has faded to 1/e. */
  readonly width: number;
}

/** Adds a spot; the stronger level stays. */
function dab(level: Float32Array, { x, y, strength, width }: Dab): void {
  const reach = Math.ceil(2.5 * width);
  for (let row = Math.max(0, Math.floor(y) - reach); row <= Math.min(HEIGHT - 1, y + reach); row++) {
    const distance = (row - y) / width;
    const index = (HEIGHT - 1 - row) * WIDTH + x;
    level[index] = Math.max(level[index], strength * Math.exp(-distance * distance));
  }
}

/** Notes of the invented melody: first column, last column, height of the fundamental, in rows. */
const MELODY = [
  [22, 74, 15],
  [80, 128, 18],
  [132, 168, 20],
  [172, 232, 17],
  [250, 292, 22.5],
  [296, 346, 18.7],
] as const;

function drawVoice(level: Float32Array): void {
  for (const [from, to, height] of MELODY) {
    for (let x = from; x <= to; x++) {
      const age = (x - from) / (to - from);
      const scoop = 1 - 0.12 * Math.exp(-(x - from) / 5);
      const vibrato = 1 + 0.022 * Math.sin(x * 0.55) * Math.min(1, 2 * age);
      const loudness = Math.min(1, (x - from) / 4) * Math.min(1, (to - x) / 8);
      for (let k = 1; k <= 12; k++) {
        const y = k * height * scoop * vibrato;
        // Two moving formants make the harmonics look like vowels.
        const formants =
          Math.exp(-(((y - 45 - 25 * age) / 32) ** 2)) + 0.8 * Math.exp(-(((y - 135 + 30 * age) / 30) ** 2));
        dab(level, { x, y, strength: loudness * (0.28 + 0.66 * Math.min(1, formants)), width: 1.7 });
      }
    }
  }
}

function drawBand(level: Float32Array): void {
  const chords = [
    [9, 13.5, 27, 34, 54],
    [7.5, 11.3, 30, 38, 57],
    [10, 15, 25, 31.5, 50],
    [8.4, 12.6, 28, 33.5, 56],
  ];
  for (let x = 0; x < WIDTH; x++) {
    const chord = chords[Math.floor((4 * x) / WIDTH)];
    const age = (x % 90) / 90;
    chord.forEach((y, n) => {
      for (let k = 1; k <= 3; k++) {
        const strength = (0.72 / k) * Math.exp(-0.9 * age) * (n < 2 ? 1.15 : 0.85);
        dab(level, { x, y: y * k, strength, width: 1.3 });
      }
    });
    // Drums: broad strokes, low and long, or high and short.
    const beat = x % 45;
    const offbeat = (x + 22) % 45;
    for (let row = 0; row < HEIGHT; row++) {
      const high = row / HEIGHT;
      const kick = 0.95 * Math.exp(-beat / 5) * Math.exp(-high * 14);
      const snare = 0.62 * Math.exp(-offbeat / 4) * (0.35 + 0.65 * high);
      const hat = 0.45 * Math.exp(-(x % 11.25) / 1.5) * Math.max(0, high - 0.55) * 2;
      const index = (HEIGHT - 1 - row) * WIDTH + x;
      level[index] = Math.max(level[index], kick, snare * (0.75 + 0.25 * Math.sin(row * 7.3 + x)), hat);
    }
  }
}
