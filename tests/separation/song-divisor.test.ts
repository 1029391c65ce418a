import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import type { PcmSource, Song } from '../../src/audio/pcm-source.ts';
import type { ModelManifest, Normalisation } from '../../src/model/manifest.ts';
import { channelSelectors } from '../../src/separation/mask-predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import { songDivisor } from '../../src/separation/song-divisor.ts';
import { fakeModel, manifest, noise, sine } from './fake-model.ts';

const RATE = 44100;
/** A whole number of periods of 441 Hz, and more than one read. */
const SAMPLES = 2 * RATE;
const silence = () => new Float32Array(SAMPLES);

function divisorOf(song: Song, normalisation: Normalisation, channels: 1 | 2 = 1): Promise<number | undefined> {
  const count = 'read' in song ? song.channelCount : song.channels.length;
  const changed: ModelManifest = { ...manifest, channels, normalisation };
  return songDivisor(song, changed, channelSelectors(count, changed));
}

const stereo = (...channels: Float32Array[]): AudioData => ({ sampleRate: RATE, channels });
/** Amplitude 0.5: root mean square 0.5/√2. */
const tone = () => sine(441, RATE, SAMPLES);

describe('songDivisor for a model that normalises the song’s level', () => {
  const level = 0.1;
  it.each<[string, AudioData, number]>([
    ['a sine', stereo(tone()), 0.5 / Math.SQRT2],
    ['a constant', stereo(silence().fill(-0.25)), 0.25],
    ['the same on both sides', stereo(tone(), tone()), 0.5 / Math.SQRT2],
    // Not of the channels' mean, which would be half.
    ['one side silent', stereo(tone(), silence()), 0.5 / Math.SQRT2 / Math.SQRT2],
    [
      'one side the other upside down',
      stereo(
        tone(),
        tone().map((value) => -value),
      ),
      0.5 / Math.SQRT2,
    ],
    ['half of it silent', stereo(tone().fill(0, SAMPLES / 2)), 0.5 / 2],
    ['a song of one sample', stereo(Float32Array.of(0.5)), 0.5],
    ['silence', stereo(silence(), silence()), 0],
  ])('is the song’s root mean square divided by that level: %s', async (_, song, expected) => {
    for (const channels of [1, 2] as const) {
      expect(await divisorOf(song, { kind: 'song-level', level }, channels)).toBeCloseTo(expected / level, 5);
    }
  });

  it('is the root mean square of noise divided by that level', async () => {
    const values = noise(100_003);
    const sum = values.reduce((total, value) => total + value ** 2, 0);
    const divisor = await divisorOf({ sampleRate: 8192, channels: [values] }, { kind: 'song-level', level: 0.15 });
    expect(divisor).toBeCloseTo(Math.sqrt(sum / 100_003) / 0.15, 9);
  });

  it('reads a song outside memory once, piece by piece', async () => {
    const channels = [noise(SAMPLES, 1), noise(SAMPLES, 2)];
    let lent: Float32Array[] = [];
    let next = 0;
    const source: PcmSource = {
      sampleRate: RATE,
      channelCount: 2,
      samples: SAMPLES,
      async read(start, end) {
        for (const channel of lent) channel.fill(Number.NaN);
        expect(start).toBe(next);
        expect(end - start).toBeLessThanOrEqual(1 << 16);
        next = end;
        lent = channels.map((channel) => channel.slice(start, end));
        return lent;
      },
    };
    const normalisation = { kind: 'song-level', level } as const;
    expect(await divisorOf(source, normalisation)).toBe(await divisorOf(stereo(...channels), normalisation));
    expect(next).toBe(SAMPLES);
  });

  it('is passed to the network with each patch', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 30)] };
    const model = fakeModel(() => 0.5, { normalisation: { kind: 'song-level', level } });
    const seen = new Set<number | undefined>();
    const predictor = {
      manifest: model.manifest,
      predict: (patches: Float32Array, count: number, divisor?: number) => {
        seen.add(divisor);
        return model.predict(patches, count);
      },
    };
    for await (const _ of separate(song, predictor));
    expect([...seen]).toEqual([await divisorOf(song, { kind: 'song-level', level })]);
  });
});

describe('songDivisor for a model that normalises the greatest magnitude to 1', () => {
  // 1 kHz at 8192 Hz is bin 125 of 1024. The window's sum is 512.
  const sound = (gain: number) => sine(1000, 8192, 8192 * 20).map((value) => gain * value);
  const of = (...channels: Float32Array[]): AudioData => ({ sampleRate: 8192, channels });

  it('is half the window’s sum times a sine’s amplitude', async () => {
    expect(await divisorOf(of(sound(1)), { kind: 'song-maximum' })).toBeCloseTo(128, 1);
  });

  it('uses the mono mix for a model of one channel, and the louder channel for two', async () => {
    const song = of(sound(0.25), sound(1));
    expect(await divisorOf(song, { kind: 'song-maximum' })).toBeCloseTo(80, 1);
    expect(await divisorOf(song, { kind: 'song-maximum' }, 2)).toBeCloseTo(128, 1);
    expect(await divisorOf(of(sound(1)), { kind: 'song-maximum' }, 2)).toBeCloseTo(128, 1);
  });

  it('includes bins outside the networks’ input', async () => {
    const few: ModelManifest = {
      ...manifest,
      patch: { frames: 128, firstBin: 0, bins: 64 },
      normalisation: { kind: 'song-maximum' },
    };
    expect(await songDivisor(of(sound(1)), few, channelSelectors(1, few))).toBeCloseTo(128, 1);
  });
});

it.each(['patch-maximum', 'none'] as const)('songDivisor is undefined, and reads nothing, with %s', async (kind) => {
  const unread: PcmSource = {
    sampleRate: RATE,
    channelCount: 1,
    samples: SAMPLES,
    read: () => Promise.reject(new Error('read')),
  };
  expect(await divisorOf(unread, { kind })).toBeUndefined();
});
