import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import type { SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';
import { Stft } from '../../src/dsp/stft.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { type MaskedSong, renderMasked, renderMaskedSpan } from '../../src/separation/render-masked.ts';
import { separate } from '../../src/separation/separate.ts';
import { fakeModel, noise } from './fake-model.ts';

const sampleRate = 44_100;
const seconds = 14;
const song: AudioData = {
  sampleRate,
  channels: [noise(seconds * sampleRate, 3), noise(seconds * sampleRate, 4)],
};
// The high band of the page's default model, whose rule depends on the sound.
const { highBand } = JSON.parse(readFileSync('models/paper/manifest.json', 'utf8')) as ModelManifest;
const model = fakeModel((patch, frame, bin) => 0.5 + 0.45 * Math.sin(patch + 0.3 * frame + 0.05 * bin), { highBand });

async function separated() {
  const vocals = song.channels.map((channel) => new Float32Array(channel.length));
  let scale: SpectrogramScale | undefined;
  let mask = new Float32Array(0);
  for await (const chunk of separate(song, model)) {
    if (!scale) {
      scale = chunk.scale;
      mask = new Float32Array(scale.frames * scale.bins);
    }
    for (const [c, channel] of chunk.vocals.entries()) vocals[c].set(channel, chunk.start);
    mask.set(chunk.spectrogram.mask, chunk.spectrogram.firstFrame * scale.bins);
  }
  if (!scale) throw new Error('nothing was separated');
  return { vocals, scale, mask };
}

/** The part of the whole that a change of these frames affects. */
function made(scale: SpectrogramScale, mask: Float32Array, fromFrame: number, toFrame: number) {
  const whole: MaskedSong = { sampleRate, samples: seconds * sampleRate, facts: model.manifest, scale };
  const span = renderMaskedSpan(whole, fromFrame, toFrame);
  const channels = renderMasked(whole, {
    span,
    channels: song.channels.map((channel) => channel.slice(span.readFrom, span.readTo)),
    mask: mask.slice(span.maskFrom * scale.bins, span.maskTo * scale.bins),
  });
  return { start: span.start, channels };
}

describe('renderMasked', async () => {
  const { vocals, scale, mask } = await separated();

  test.each([
    ['in the middle', 40, 60],
    ['at the beginning', 0, 3],
    ['at the end', scale.frames - 5, scale.frames],
    ['of one frame', 77, 78],
    ['everywhere', 0, scale.frames],
  ])('returns the separation’s samples with the network’s mask %s', (_, from, to) => {
    const piece = made(scale, mask, from, to);
    piece.channels.forEach((channel, c) => {
      const truth = vocals[c].subarray(piece.start, piece.start + channel.length);
      const worst = channel.reduce((most, value, n) => Math.max(most, Math.abs(value - truth[n])), 0);
      expect(channel.length).toBeGreaterThan(0);
      expect(worst).toBeLessThan(1e-4);
    });
  });

  test('returns every sample that a change of these frames affects', async () => {
    const [from, to] = [50, 54];
    const changed = mask.slice();
    changed.fill(0, from * scale.bins, to * scale.bins);
    const whole = made(scale, changed, 0, scale.frames);
    const piece = made(scale, changed, from, to);
    const amended = vocals[0].slice();
    amended.set(piece.channels[0], piece.start);
    const worst = amended.reduce((most, value, n) => Math.max(most, Math.abs(value - whole.channels[0][n])), 0);
    expect(worst).toBeLessThan(1e-4);
    expect(piece.channels[0].length).toBeLessThan(sampleRate);
  });

  test('silences only the time and band of a painted box, by 40 dB', () => {
    const open = new Float32Array(mask.length).fill(1);
    const [fromFrame, toFrame, fromBin, toBin] = [50, 80, 100, 200];
    const boxed = open.slice();
    for (let frame = fromFrame; frame < toFrame; frame++) {
      boxed.fill(0, frame * scale.bins + fromBin, frame * scale.bins + toBin);
    }
    const piece = made(scale, boxed, fromFrame, toFrame);
    const after = song.channels[0].slice();
    after.set(piece.channels[0], piece.start);
    // Measured by an independent transform, away from the edges by its window and a mask frame.
    const stft = new Stft({ fftSize: 4096, windowLength: 4096, hop: 1024, window: 'blackman', centred: false });
    const hz = (bin: number) => scale.firstBinHz + bin * scale.binHz;
    const power = (samples: Float32Array, fromSecond: number, toSecond: number, low: number, high: number) => {
      const column = new Float32Array(stft.bins);
      let sum = 0;
      for (let start = fromSecond * sampleRate; start + 4096 < toSecond * sampleRate; start += 1024) {
        stft.magnitudeFrame(samples.subarray(Math.floor(start)), 0, column);
        for (let bin = Math.ceil((low * 4096) / sampleRate); bin <= (high * 4096) / sampleRate; bin++) {
          sum += column[bin] ** 2;
        }
      }
      return sum;
    };
    const inside = [
      (fromFrame + 1) * scale.frameSeconds,
      (toFrame - 2) * scale.frameSeconds,
      hz(fromBin) + 60,
      hz(toBin) - 60,
    ] as const;
    const outside = [inside[0], inside[1], hz(toBin) + 60, hz(toBin) + 800] as const;
    const change = (where: typeof inside | typeof outside) =>
      10 * Math.log10(power(after, ...where) / power(song.channels[0], ...where));
    expect(change(inside)).toBeLessThan(-40);
    expect(Math.abs(change(outside))).toBeLessThan(0.1);
  });
});
