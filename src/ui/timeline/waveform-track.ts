import WaveSurfer from 'wavesurfer.js';
import type { Scope } from '../../core/scope.ts';
import { h } from '../shell/dom.ts';
import { PeakTrack } from './peaks.ts';
import { wholePixels } from './scrolled-layer.ts';
import { unitOfTime, type Viewport } from './viewport.ts';

/** Milliseconds between two redraws while samples arrive. */
const REDRAW_MS = 300;

/**
 * Nonce of the style sheet that wavesurfer.js writes into its shadow root: the page's Content-Security-Policy allows
 * this one inline style sheet and no other.
 */
const STYLE_NONCE = 'wavesurfer';

/** Width of the drawing in widths of the view, as in the style sheet. Within it, the outline is moved and not drawn. */
const WIDTHS = 2;

/** The song whose waveform is drawn. */
export interface WaveformTrackOptions {
  /** The first visible part of the song. */
  readonly view: Viewport;
  readonly samples: number;
  readonly sampleRate: number;
}

/**
 * One stem's waveform: wavesurfer.js draws it from peaks that are computed here. An overlay that moves with the
 * playhead dims the part that is not played yet, so the outline need not be drawn again.
 */
export class WaveformTrack {
  readonly #wave: WaveSurfer;
  readonly #peaks: PeakTrack;
  #shownPeaks: PeakTrack;
  readonly #duration: number;
  readonly #scope: Scope;
  readonly #host: HTMLElement;
  readonly #unplayed = h('div', { class: 'unplayed' });
  #view: Viewport;
  #width = 0;
  /** What the host shows: the moment at its left edge, and the span and width of the view. */
  #drawn: { readonly start: number; readonly span: number; readonly width: number } | undefined;
  #waiting = false;
  #loudest = 1;

  constructor(scope: Scope, host: HTMLElement, { view, samples, sampleRate }: WaveformTrackOptions) {
    this.#scope = scope;
    this.#host = host;
    this.#view = view;
    this.#duration = view.duration;
    this.#peaks = new PeakTrack(samples, sampleRate);
    this.#shownPeaks = this.#peaks;
    this.#wave = WaveSurfer.create({
      container: host,
      media: stillMedia(view.duration),
      height: 'auto',
      interact: false,
      fillParent: false,
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
    host.after(this.#unplayed);
    // Its scrolling box would take the focus by Tab, without any use.
    const box = this.#wave.getWrapper().parentElement;
    if (box) box.tabIndex = -1;
    scope.add(() => this.#wave.destroy());
    scope.add(this.#wave.on('resize', () => this.#drawAgain()));
    scope.add(this.#wave.on('ready', () => this.#drawAgain()));
  }

  /** Adds samples of the stem; `start` is the number of the first one in the song. */
  add(start: number, channels: readonly Float32Array[]): void {
    this.#peaks.add(start, channels);
    this.#redrawSoon();
  }

  /** Draws other peaks in place of the stem's; undefined: the stem's. */
  draw(peaks: PeakTrack | undefined): void {
    this.#shownPeaks = peaks ?? this.#peaks;
    this.#redrawSoon();
  }

  /** Greatest absolute sample of the stem so far, 0 to 1. */
  get peak(): number {
    return this.#peaks.peak;
  }

  /** Draws a sample of this size at full height: the same for both tracks, so that their heights compare. */
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
      const scaled = this.#shownPeaks.scaled(1 / this.#loudest);
      // wavesurfer.js reports the outcome by events; a load that a newer one replaces rejects, which is fine.
      this.#wave.load('', scaled, this.#duration).catch(() => undefined);
    }, REDRAW_MS);
  }

  /**
   * Shows a part of the song on a plot that is `width` pixels wide.
   * @param animating An animation runs: the drawing is stretched now and drawn again at its end.
   */
  show(view: Viewport, width: number, animating = false): void {
    const before = this.#drawn;
    this.#view = view;
    this.#width = width;
    if (width <= 0 || !this.#wave.getDecodedData()) return;
    const perSecond = width / view.span;
    if (animating && before) {
      const scale = (before.span / view.span) * (width / before.width);
      this.#host.style.transform = `translateX(${(before.start - view.start) * perSecond}px) scaleX(${scale})`;
      return;
    }
    const fits = before?.span === view.span && before.width === width;
    if (!fits) this.#wave.zoom(perSecond);
    if (!fits || view.start < before.start || view.start > before.start + (WIDTHS - 1) * view.span) {
      this.#wave.setScroll(Math.max(0, (view.start - ((WIDTHS - 1) / 2) * view.span) * perSecond));
      // It may not have scrolled that far.
      this.#drawn = { start: this.#wave.getScroll() / perSecond, span: view.span, width };
    }
    const shift = ((this.#drawn?.start ?? 0) - view.start) * perSecond;
    this.#host.style.transform = `translateX(${wholePixels(shift)}px)`;
  }

  /** Dims everything after `seconds`. */
  play(seconds: number): void {
    const unit = Math.min(1, Math.max(0, unitOfTime(this.#view, seconds)));
    this.#unplayed.style.transform = `translateX(${unit * this.#width}px)`;
  }

  /** Reads the colours from the style sheet again. */
  recolour(): void {
    this.#wave.setOptions(this.#colours());
    this.#drawAgain();
  }

  #drawAgain(): void {
    this.#drawn = undefined;
    this.show(this.#view, this.#width);
  }

  #colours(): { waveColor: string; progressColor: string } {
    const colour = getComputedStyle(this.#host).getPropertyValue('--wave').trim();
    return { waveColor: colour, progressColor: colour };
  }
}

/** A media element that plays nothing: wavesurfer.js only draws. */
function stillMedia(duration: number): HTMLMediaElement {
  const media = { volume: 1, muted: false, playbackRate: 1, seeking: false, ended: false, paused: true, src: '' };
  const have = HTMLMediaElement.HAVE_ENOUGH_DATA;
  const still = { ...media, currentSrc: '', currentTime: 0, readyState: have, duration };
  return Object.assign(new EventTarget(), still) as unknown as HTMLMediaElement;
}
