import WaveSurfer from 'wavesurfer.js';
import type { Scope } from '../scope.ts';
import type { MediaClock } from './media-clock.ts';
import { PeakTrack } from './peaks.ts';
import { showsAll, type Viewport } from './viewport.ts';

/** Milliseconds between two redraws while the outline grows. */
const REDRAW_MS = 300;

/**
 * The nonce of the lanes' style sheet, which wavesurfer.js writes into its shadow root: the page's
 * Content-Security-Policy allows this one inline style sheet and no other.
 */
const STYLE_NONCE = 'wavesurfer';

/** One stem's waveform, drawn by wavesurfer.js from peaks that are found here. */
export class WaveformLane {
  readonly #wave: WaveSurfer;
  readonly #peaks: PeakTrack;
  readonly #duration: number;
  readonly #scope: Scope;
  readonly #host: HTMLElement;
  #view: Viewport;
  #waiting = false;
  #loudest = 1;

  constructor(scope: Scope, host: HTMLElement, clock: MediaClock, view: Viewport, samples: number, sampleRate: number) {
    this.#scope = scope;
    this.#host = host;
    this.#view = view;
    this.#duration = view.duration;
    this.#peaks = new PeakTrack(samples, sampleRate);
    this.#wave = WaveSurfer.create({
      container: host,
      media: clock.asMedia(),
      height: 'auto',
      interact: false,
      autoScroll: false,
      autoCenter: false,
      hideScrollbar: true,
      cursorWidth: 0,
      barWidth: 2,
      barGap: 1,
      barRadius: 1,
      cspNonce: STYLE_NONCE,
      peaks: [this.#peaks.upper, this.#peaks.lower],
      duration: view.duration,
      ...this.#colours(),
    });
    // Its scrolling box would be a stop of the Tab key at which there is nothing to do.
    const box = this.#wave.getWrapper().parentElement;
    if (box) box.tabIndex = -1;
    scope.add(() => this.#wave.destroy());
    scope.add(this.#wave.on('resize', () => this.show(this.#view)));
    scope.add(this.#wave.on('ready', () => this.show(this.#view)));
  }

  /** Takes a chunk of the stem. */
  add(start: number, channels: readonly Float32Array[]): void {
    this.#peaks.add(start, channels);
    this.#redrawSoon();
  }

  /** The greatest absolute sample so far. */
  get peak(): number {
    return this.#peaks.peak;
  }

  /** Draws a sample of this size at full height: the same for all lanes, so that their heights can be compared. */
  scaleTo(loudest: number): void {
    if (loudest === this.#loudest || loudest <= 0) return;
    this.#loudest = loudest;
    this.#redrawSoon();
  }

  #redrawSoon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#scope.timeout(() => {
      this.#waiting = false;
      const scaled = [this.#peaks.upper, this.#peaks.lower].map((side) => side.map((value) => value / this.#loudest));
      // The outcome is told by events; a load that a newer one overtakes rejects, which is as it should be.
      this.#wave.load('', scaled, this.#duration).catch(() => undefined);
    }, REDRAW_MS);
  }

  /**
   * Shows a part of the song.
   * @param gliding It is on the way to another one: what is drawn is stretched, which costs nothing, and drawn anew at the end.
   */
  show(view: Viewport, gliding = false): void {
    if (gliding && this.#wave.getDecodedData()) {
      const { start, span } = this.#view;
      const shift = (100 * (start - view.start)) / view.span;
      this.#host.style.transform = `translateX(${shift}%) scaleX(${span / view.span})`;
      return;
    }
    this.#host.style.transform = '';
    const spanBefore = this.#view.span;
    this.#view = view;
    if (!this.#wave.getDecodedData()) return;
    const width = this.#wave.getWidth();
    if (width <= 0) return;
    const pixelsPerSecond = showsAll(view) ? 0 : width / view.span;
    const changed = Math.abs((this.#wave.options.minPxPerSec || 0) - pixelsPerSecond) > 1e-6;
    if (changed || spanBefore !== view.span) this.#wave.zoom(pixelsPerSecond);
    this.#wave.setScroll(pixelsPerSecond * view.start);
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#wave.setOptions(this.#colours());
    this.show(this.#view);
  }

  #colours(): { waveColor: string; progressColor: string } {
    const style = getComputedStyle(this.#host);
    return {
      waveColor: style.getPropertyValue('--wave').trim(),
      progressColor: style.getPropertyValue('--wave-played').trim(),
    };
  }
}
