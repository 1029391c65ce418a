import { beforeEach, describe, expect, test } from 'vitest';
import { type Heard, VideoSync } from '../../src/player/video-sync.ts';

/** A video that runs on a clock of the test; a seek takes some of its time. */
class FakeVideo {
  duration = 100;
  playbackRate = 1;
  paused = true;
  seeks: number[] = [];
  seekMs = 0;
  #now = 0;
  #time = 0;
  #seekEnds = 0;

  get seeking(): boolean {
    return this.#now < this.#seekEnds;
  }

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(seconds: number) {
    this.seeks.push(seconds);
    this.#time = seconds;
    this.#seekEnds = this.#now + this.seekMs;
  }

  async play(): Promise<void> {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  /** Puts it somewhere without a seek. */
  drift(seconds: number): void {
    this.#time += seconds;
  }

  pass(milliseconds: number): void {
    const from = Math.max(this.#now, Math.min(this.#seekEnds, this.#now + milliseconds));
    this.#now += milliseconds;
    if (this.paused) return;
    this.#time = Math.min(this.duration, this.#time + ((this.#now - from) / 1000) * this.playbackRate);
  }
}

describe('VideoSync', () => {
  let video: FakeVideo;
  let sync: VideoSync;
  let heard: Heard;
  let now: number;

  beforeEach(() => {
    video = new FakeVideo();
    sync = new VideoSync(video);
    heard = { playing: true, position: 0, speed: 1 };
    now = 0;
  });

  /** Both go on, with 60 frames a second. */
  const run = (seconds: number) => {
    for (let frame = 0; frame < seconds * 60; frame++) {
      sync.follow(heard, now);
      now += 1000 / 60;
      video.pass(1000 / 60);
      if (heard.playing) heard = { ...heard, position: heard.position + heard.speed / 60 };
    }
    sync.follow(heard, now);
  };
  const apart = () => Math.abs(video.currentTime - heard.position);

  test('plays with the song, without a seek', () => {
    run(5);
    expect(video.paused).toBe(false);
    expect(video.seeks).toEqual([]);
    expect(apart()).toBeLessThan(0.02);
  });

  test('ends a small drift by its speed, and then runs at that of the song', () => {
    run(1);
    video.drift(-0.15);
    run(0.1);
    expect(video.playbackRate).toBeGreaterThan(1);
    expect(video.playbackRate).toBeLessThanOrEqual(1.1);
    run(30);
    expect(apart()).toBeLessThanOrEqual(0.021);
    expect(video.seeks).toEqual([]);
    video.drift(0.15);
    run(0.1);
    expect(video.playbackRate).toBeLessThan(1);
  });

  test('ends a large drift by one seek', () => {
    run(1);
    video.drift(-0.5);
    run(1);
    expect(video.seeks.length).toBe(1);
    expect(apart()).toBeLessThan(0.02);
  });

  test('seeks as far ahead as a seek takes where seeks are slow', () => {
    video.seekMs = 400;
    run(1);
    video.drift(-0.5);
    run(10);
    expect(video.seeks.length).toBe(2);
    expect(apart()).toBeLessThan(0.02);
  });

  test('follows a pause and a seek while paused', () => {
    run(1);
    heard = { ...heard, playing: false };
    run(0.1);
    expect(video.paused).toBe(true);
    heard = { ...heard, position: 42 };
    run(0.1);
    expect(video.currentTime).toBe(42);
    expect(video.seeks.at(-1)).toBe(42);
  });

  test('follows seeks and loops at once, also right after another seek', () => {
    run(1);
    heard = { ...heard, position: 30 };
    run(0.1);
    heard = { ...heard, position: 10 };
    run(0.1);
    expect(video.seeks.length).toBe(2);
    expect(apart()).toBeLessThan(0.02);
  });

  test('follows the speed', () => {
    heard = { ...heard, speed: 0.5 };
    run(4);
    expect(video.playbackRate).toBe(0.5);
    expect(apart()).toBeLessThan(0.02);
  });

  test('stands at its end while the song goes on, and comes back', () => {
    video.duration = 2;
    run(4);
    expect(video.paused).toBe(true);
    expect(video.currentTime).toBe(2);
    heard = { ...heard, position: 1 };
    run(0.1);
    expect(video.paused).toBe(false);
    expect(apart()).toBeLessThan(0.02);
  });
});
