import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';
import { maskedSound } from '../../src/learning/mask/masked-sound.ts';
import { mixtureFrames } from '../../src/learning/mixture-spectrogram.ts';
import { renderMaskedSpan } from '../../src/separation/render-masked.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk } from '../../src/separation/types.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';

let song: AudioData;
let chunks: SeparationChunk[];
let scale: SpectrogramScale;
let model: Awaited<ReturnType<typeof openModel>>;
let vocals: Float32Array[];

beforeAll(async () => {
  const demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const { sampleRate } = demo;
  song = { sampleRate, channels: demo.channels.map((channel) => channel.slice(10 * sampleRate, 16 * sampleRate)) };
  model = await openModel(await findModel('paper'));
  chunks = [];
  for await (const chunk of separate(song, model)) chunks.push(chunk);
  scale = chunks[0].scale;
  vocals = song.channels.map(() => new Float32Array(sampleCount(song)));
  for (const chunk of chunks) chunk.vocals.forEach((channel, c) => void vocals[c].set(channel, chunk.start));
}, 60_000);

function whole(of: 'mixture' | 'mask'): Float32Array {
  const values = new Float32Array(scale.frames * scale.bins);
  for (const { spectrogram } of chunks) values.set(spectrogram[of], spectrogram.firstFrame * spectrogram.bins);
  return values;
}

describe('mixtureFrames', () => {
  test('are those of the separation’s own spectrograms, from any frame on', async () => {
    const frames = await mixtureFrames({ song, manifest: model.manifest, firstFrame: 20, frames: 30 });
    const expected = whole('mixture').subarray(20 * scale.bins, 50 * scale.bins);
    expect(frames).toHaveLength(expected.length);
    let largest = 0;
    for (let i = 0; i < frames.length; i++) largest = Math.max(largest, Math.abs(frames[i] - expected[i]));
    expect(Math.max(...expected)).toBeGreaterThan(0.01);
    expect(largest).toBeLessThan(1e-6);
  });
});

describe('maskedSound', () => {
  test('with the network’s mask is what separation gave, and the accompaniment is the rest', () => {
    const facts = { sampleRate: song.sampleRate, samples: sampleCount(song), facts: model.manifest, scale };
    const span = renderMaskedSpan(facts, 20, 40);
    const mask = whole('mask').subarray(span.maskFrom * scale.bins, span.maskTo * scale.bins);
    const channels = song.channels.map((channel) => channel.subarray(span.readFrom, span.readTo));
    const request = { song: facts, piece: { span, channels, mask } };
    const voice = maskedSound({ ...request, part: 'vocals' });
    const band = maskedSound({ ...request, part: 'accompaniment' });
    let [unlike, incomplete] = [0, 0];
    song.channels.forEach((channel, c) => {
      for (let n = span.start; n < span.end; n++) {
        const [v, a] = [voice.product[c][n - span.start], band.product[c][n - span.start]];
        unlike = Math.max(unlike, Math.abs(v - vocals[c][n]));
        incomplete = Math.max(incomplete, Math.abs(v + a - channel[n]));
      }
    });
    expect(unlike).toBeLessThan(1e-5);
    expect(incomplete).toBeLessThan(1e-6);
    expect(voice.mask[0]).toHaveLength(span.end - span.start);
  });
});
