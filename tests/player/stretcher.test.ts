import { beforeAll, describe, expect, test } from 'vitest';
import { FADE_SECONDS, Mixer } from '../../src/player/mixer.ts';
import type { Stretcher } from '../../src/player/stretcher.ts';

const RATE = 44_100;
const BLOCK = 128;
const SECONDS = 3;

let createStretcher: (channels: number, sampleRate: number) => Promise<Stretcher>;

beforeAll(async () => {
  ({ createStretcher } = await import('../../src/player/load-stretcher.ts'));
});

const sine = (hz: number, seconds = SECONDS) =>
  Float32Array.from({ length: seconds * RATE }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / RATE));

async function mixerOf(channels: readonly Float32Array[]): Promise<Mixer> {
  const mixer = new Mixer(RATE, RATE);
  const { length } = channels[0];
  mixer.setSource({ original: channels, vocals: channels.map(() => new Float32Array(length)), length });
  mixer.setDone([{ start: 0, end: length }]);
  mixer.setStretcher(await createStretcher(2 * channels.length, RATE));
  return mixer;
}

/** Plays to the end; returns the samples of each channel. */
function toTheEnd(mixer: Mixer, channels: number, most = 60 * RATE): readonly Float32Array[] {
  const out = Array.from({ length: channels }, () => new Float32Array(most));
  let n = 0;
  for (; n + BLOCK <= most && !mixer.state().ended; n += BLOCK) {
    mixer.render(out.map((channel) => channel.subarray(n, n + BLOCK)));
  }
  return out.map((channel) => channel.subarray(0, n));
}

/** Frequency of a sine, Hz, from its rising zero crossings, interpolated between samples. */
function frequency(samples: Float32Array): number {
  const crossings: number[] = [];
  for (let n = 1; n < samples.length; n++) {
    const [a, b] = [samples[n - 1], samples[n]];
    if (a < 0 && b >= 0) crossings.push(n - 1 + a / (a - b));
  }
  return ((crossings.length - 1) / (crossings[crossings.length - 1] - crossings[0])) * RATE;
}

const cents = (hz: number, of: number) => 1200 * Math.log2(hz / of);
const middle = (samples: Float32Array) => samples.subarray(RATE, Math.min(samples.length - RATE / 2, 3 * RATE));
const amplitude = (samples: Float32Array) =>
  Math.sqrt((2 * samples.reduce((sum, x) => sum + x * x, 0)) / samples.length);

describe('speed and key', () => {
  test.each([
    [12, 880],
    [-12, 220],
  ])('a 440 Hz sine %i semitones up is %i Hz within 3 cents, and as long', async (semitones, hz) => {
    const mixer = await mixerOf([sine(440)]);
    mixer.setRateAndKey({ speed: 1, semitones });
    mixer.play();
    const [out] = toTheEnd(mixer, 1);
    expect(Math.abs(cents(frequency(middle(out)), hz))).toBeLessThan(3);
    expect(amplitude(middle(out))).toBeGreaterThan(0.45);
    expect(amplitude(middle(out))).toBeLessThan(0.55);
    expect(Math.abs(out.length - SECONDS * RATE)).toBeLessThanOrEqual(BLOCK);
  });

  test('every other key is within a twentieth of a semitone of its pitch', async () => {
    for (const semitones of [-7, -5, -3, -1, 1, 2, 4, 7, 9]) {
      const mixer = await mixerOf([sine(440)]);
      mixer.setRateAndKey({ speed: 1, semitones });
      mixer.play();
      const [out] = toTheEnd(mixer, 1);
      expect(Math.abs(cents(frequency(middle(out)), 440 * 2 ** (semitones / 12)))).toBeLessThan(5);
    }
  });

  test.each([0.5, 0.75, 1.25, 1.5])(
    'at speed %f a 440 Hz sine lasts its length divided by that, at 440 Hz',
    async (speed) => {
      const mixer = await mixerOf([sine(440)]);
      mixer.setRateAndKey({ speed, semitones: 0 });
      mixer.play();
      const [out] = toTheEnd(mixer, 1);
      expect(Math.abs(cents(frequency(middle(out)), 440))).toBeLessThan(3);
      expect(Math.abs(out.length - (SECONDS * RATE) / speed)).toBeLessThanOrEqual(BLOCK);
    },
  );

  test('as recorded equals the recording, bit for bit, also after a change', async () => {
    const song = sine(440);
    const mixer = await mixerOf([song]);
    mixer.setRateAndKey({ speed: 0.8, semitones: 3 });
    mixer.play();
    const out = new Float32Array(BLOCK);
    for (let n = 0; n < 100; n++) mixer.render([out]);
    mixer.setRateAndKey({ speed: 1, semitones: 0 });
    for (let n = 0; n < 20; n++) mixer.render([out]);
    const { position, speed } = mixer.state();
    expect(speed).toBe(1);
    // What comes out next is the song from where it is, whatever part of a sample the stretch had left it at.
    const whole = Math.floor(position);
    mixer.render([out]);
    const part = position - whole;
    for (let n = 0; n < BLOCK; n++) {
      const truth = song[whole + n] + (song[whole + n + 1] - song[whole + n]) * part;
      expect(Math.abs(out[n] - truth)).toBeLessThan(1e-6);
    }
  });

  test('the output matches the reported position at every speed', async () => {
    // Bursts of 50 ms every half second; their centres of energy are compared with the positions reported.
    const song = Float32Array.from({ length: 5 * RATE }, (_, n) => {
      const inBeat = (n / RATE) % 0.5;
      return inBeat < 0.05 ? 0.5 * Math.sin((2 * Math.PI * 1000 * n) / RATE) * Math.sin((Math.PI * inBeat) / 0.05) : 0;
    });
    for (const speed of [0.5, 0.8, 1.25, 1.5]) {
      const mixer = await mixerOf([song]);
      mixer.setRateAndKey({ speed, semitones: 0 });
      mixer.seek(0.25 * RATE);
      mixer.play();
      const out = new Float32Array(BLOCK);
      const energy = new Float64Array(8);
      const moment = new Float64Array(8);
      for (;;) {
        const { position, ended } = mixer.state();
        if (ended || position > 4.2 * RATE) break;
        mixer.render([out]);
        for (let n = 0; n < BLOCK; n++) {
          const seconds = (position + n * speed) / RATE;
          const burst = Math.round((seconds - 0.025) / 0.5);
          energy[burst] += out[n] ** 2;
          moment[burst] += out[n] ** 2 * seconds;
        }
      }
      for (let burst = 1; burst < 8; burst++) {
        expect(Math.abs(moment[burst] / energy[burst] - (0.5 * burst + 0.025))).toBeLessThan(0.002);
      }
    }
  });

  test('drifts by less than a sample in ten minutes', async () => {
    const length = 500 * RATE;
    const silence = new Float32Array(length);
    const mixer = await mixerOf([silence]);
    mixer.setRateAndKey({ speed: 0.77, semitones: 0 });
    mixer.play();
    const out = [new Float32Array(BLOCK)];
    const blocks = Math.floor((600 * RATE) / BLOCK);
    for (let n = 0; n < blocks; n++) mixer.render(out);
    expect(Math.abs(mixer.state().position - blocks * BLOCK * 0.77)).toBeLessThan(1);
  });

  test('left and right stay aligned', async () => {
    const song = sine(440);
    const mixer = await mixerOf([song, song.map((value) => 0.5 * value)]);
    mixer.setRateAndKey({ speed: 0.9, semitones: -2 });
    mixer.play();
    const [left, right] = toTheEnd(mixer, 2);
    let largest = 0;
    for (let n = 0; n < left.length; n++) largest = Math.max(largest, Math.abs(0.5 * left[n] - right[n]));
    expect(largest).toBeLessThan(1e-3);
  });

  test('switch on and off, and change during playback, without a click', async () => {
    const mixer = await mixerOf([sine(440)]);
    mixer.play();
    const tunes = [
      { speed: 1, semitones: 0 },
      { speed: 0.9, semitones: 0 },
      { speed: 0.6, semitones: 2 },
      { speed: 1, semitones: 2 },
      { speed: 1, semitones: 0 },
    ];
    const out = new Float32Array(tunes.length * 100 * BLOCK);
    for (let block = 0; block < tunes.length * 100; block++) {
      if (block % 100 === 0) mixer.setRateAndKey(tunes[block / 100]);
      mixer.render([out.subarray(block * BLOCK, (block + 1) * BLOCK)]);
    }
    let largest = 0;
    for (let n = 1; n < out.length; n++) largest = Math.max(largest, Math.abs(out[n] - out[n - 1]));
    // A phase vocoder lets a sine swell a little where it changes; a click would be of the order of 1.
    const ownStep = (2 * Math.PI * 440 * 2 ** (2 / 12) * 0.5) / RATE;
    expect(largest).toBeLessThan(1.5 * ownStep + 0.5 / (FADE_SECONDS * RATE));
  });

  test('a loop at half speed has the same positions as at full speed', async () => {
    const mixer = await mixerOf([sine(440)]);
    const loop = { start: RATE, end: RATE + 11_025 };
    mixer.setRateAndKey({ speed: 0.5, semitones: 0 });
    mixer.setLoop(loop);
    mixer.seek(RATE);
    mixer.play();
    const out = [new Float32Array(BLOCK)];
    for (let block = 1; block <= 1000; block++) {
      mixer.render(out);
      const expected = loop.start + ((block * BLOCK * 0.5) % 11_025);
      const off = Math.abs(mixer.state().position - expected);
      expect(Math.min(off, 11_025 - off)).toBeLessThan(1);
    }
  });
});
