/** What a lane's clock follows: the song's player, seen as little as it needs. */
export interface Clock {
  readonly position: number;
  readonly duration: number;
  readonly playing: boolean;
}

/**
 * The player as the part of a media element that wavesurfer.js looks at, so that Web Audio is the master of the lanes.
 * It only reads: seeking and playing are done by the page.
 */
export class MediaClock extends EventTarget {
  readonly volume = 1;
  readonly muted = false;
  readonly playbackRate = 1;
  readonly seeking = false;
  readonly ended = false;
  /** HTMLMediaElement.HAVE_ENOUGH_DATA. */
  readonly readyState = 4;
  readonly src = '';
  readonly currentSrc = '';
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  get currentTime(): number {
    return this.#clock.position;
  }

  get duration(): number {
    return this.#clock.duration;
  }

  get paused(): boolean {
    return !this.#clock.playing;
  }

  /** Tells the lanes to look at the time again. */
  tick(): void {
    this.dispatchEvent(new Event('timeupdate'));
  }

  /** For wavesurfer.js, which types its clock as a media element. */
  asMedia(): HTMLMediaElement {
    return this as unknown as HTMLMediaElement;
  }
}
