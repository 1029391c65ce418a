/** What is used of a video element. */
export type SyncedVideo = Pick<
  HTMLVideoElement,
  'currentTime' | 'duration' | 'playbackRate' | 'paused' | 'seeking' | 'play' | 'pause'
>;

/** What is heard now. */
export interface Heard {
  /** Whether the song goes on: not while it is counted in or interrupted. */
  readonly playing: boolean;
  /** Seconds into the song. */
  readonly position: number;
  /** 1: as recorded. */
  readonly speed: number;
}

/** A smaller difference between picture and sound is not noticed: half a frame at 25 frames a second. */
const MAX_DRIFT_SECONDS = 0.02;

/** A larger one is ended by a seek; between them, the picture goes faster or slower for a while. */
const MAX_SLEW_SECONDS = 0.25;

/** Largest change of the picture's speed for that. */
const MAX_SLEW = 0.1;

/** After a seek the picture may still be late. The next one waits, except after a jump of the song. */
const MIN_SEEK_INTERVAL_MS = 1000;
const JUMP_SECONDS = 1;

/** A seek that took longer says nothing about the next one. */
const MAX_LEAD_MS = 1000;

/** Keeps a silent video in step with the song: it follows pause, seek, speed and loop. */
export class VideoSync {
  readonly #video: SyncedVideo;
  #sought = Number.NEGATIVE_INFINITY;
  #isSeeking = false;
  /** What the last seek took: the next one goes as far ahead. */
  #seekMs = 0;

  constructor(video: SyncedVideo) {
    this.#video = video;
  }

  /** Called whenever what is heard changes, and often while the song plays. @param now milliseconds */
  follow({ playing, position, speed }: Heard, now: number): void {
    const video = this.#video;
    const isOver = position >= video.duration;
    const target = isOver ? video.duration : position;
    const drift = target - video.currentTime;
    if (!playing || isOver) {
      if (!video.paused) video.pause();
      if (Math.abs(drift) > MAX_DRIFT_SECONDS && !video.seeking) video.currentTime = target;
      return;
    }
    // A browser may refuse while the page is hidden; the next call tries again.
    if (video.paused) video.play().catch(() => undefined);
    if (video.seeking) return;
    if (this.#isSeeking) this.#seekMs = now - this.#sought;
    this.#isSeeking = false;
    const mustWait = Math.abs(drift) < JUMP_SECONDS && now - this.#sought < MIN_SEEK_INTERVAL_MS;
    if (Math.abs(drift) > MAX_SLEW_SECONDS && !mustWait) {
      this.#sought = now;
      this.#isSeeking = true;
      video.currentTime = Math.min(video.duration, target + (speed * Math.min(this.#seekMs, MAX_LEAD_MS)) / 1000);
      this.#setRate(speed);
      return;
    }
    const slew = Math.min(MAX_SLEW, Math.max(-MAX_SLEW, drift));
    this.#setRate(Math.abs(drift) > MAX_DRIFT_SECONDS ? speed * (1 + slew) : speed);
  }

  #setRate(rate: number): void {
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }
}
