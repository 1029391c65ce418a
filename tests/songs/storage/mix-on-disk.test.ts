import { describe, expect, test } from 'vitest';
import { BlockTable } from '../../../src/player/block-table.ts';
import { FADE_SECONDS, Mixer } from '../../../src/player/mixer.ts';
import { BLOCK_SAMPLES } from '../../../src/songs/storage/player-source.ts';
import { BLOCK, largestStep, mixerOf, RATE } from '../../player/rendered.ts';

const FADE = Math.round(FADE_SECONDS * RATE);

/** Two sines; the original holds both, the vocals one. */
function song(samples: number) {
  const vocals = Float32Array.from({ length: samples }, (_, n) => 0.4 * Math.sin((2 * Math.PI * 587 * n) / RATE + 0.3));
  const original = Float32Array.from(vocals, (voice, n) => 0.5 * Math.cos((2 * Math.PI * 440 * n) / RATE) + voice);
  return { original: [original], vocals: [vocals], length: samples };
}

const OWN_STEP = (2 * Math.PI * (0.5 * 440 + 0.4 * 587)) / RATE;

/** A mixer whose song is on a disk that answers after `delay` blocks of sound. */
function onDisk(source: ReturnType<typeof song>, delay: number) {
  const blocks = new BlockTable(source.length);
  const mixer = new Mixer(RATE, RATE);
  mixer.setSource({ original: [], vocals: [], length: source.length, blocks });
  mixer.setDone([{ start: 0, end: source.length }]);
  let now = 0;
  let most = 0;
  const waiting: { readonly due: number; readonly index: number }[] = [];
  const cut = (channels: readonly Float32Array[], index: number) =>
    channels.map((channel) => channel.slice(index * BLOCK_SAMPLES, (index + 1) * BLOCK_SAMPLES));
  const render = (samples: number): Float32Array => {
    const out = new Float32Array(samples);
    for (let n = 0; n < samples; n += BLOCK, now++) {
      for (const index of mixer.wantedBlocks().flatMap((wanted) => wanted.blocks))
        waiting.push({ due: now + delay, index });
      while (waiting.length > 0 && waiting[0].due <= now) {
        const { index } = waiting.shift() as { index: number };
        blocks.take({ index, piece: { original: cut(source.original, index), vocals: cut(source.vocals, index) } });
      }
      most = Math.max(most, blocks.size);
      mixer.render([out.subarray(n, Math.min(samples, n + BLOCK))]);
    }
    return out;
  };
  return { mixer, blocks, render, most: () => most };
}

function inMemory(source: ReturnType<typeof song>) {
  const mixer = mixerOf(source);
  const render = (samples: number): Float32Array => {
    const out = new Float32Array(samples);
    for (let n = 0; n < samples; n += BLOCK) mixer.render([out.subarray(n, Math.min(samples, n + BLOCK))]);
    return out;
  };
  return { mixer, render };
}

describe('a mixer of a song on disk', () => {
  test('plays the same as a mixer in memory, bit for bit, after the first block', () => {
    const source = song(5 * BLOCK_SAMPLES + 1234);
    const disk = onDisk(source, 40);
    const memory = inMemory(source);
    for (const { mixer } of [disk, memory]) {
      mixer.setMix(0.3, 1.5);
      mixer.play();
    }
    const late = disk.render(41 * BLOCK);
    expect(late.subarray(0, 40 * BLOCK).every((value) => value === 0)).toBe(true);
    expect(late.at(-1)).not.toBe(0);
    const rest = disk.render(source.length - BLOCK);
    const truth = memory.render(source.length);
    expect(late.subarray(40 * BLOCK)).toEqual(truth.subarray(0, BLOCK));
    expect(Buffer.compare(Buffer.from(rest.buffer), Buffer.from(truth.buffer, 4 * BLOCK))).toBe(0);
    expect(disk.mixer.state()).toMatchObject({ ended: true, loading: false, position: source.length });
  });

  test('waits in silence after a seek to samples that are not in memory, without a click, and then continues', () => {
    const source = song(60 * BLOCK_SAMPLES);
    const { mixer, render, most } = onDisk(source, 20);
    mixer.play();
    const before = render(60 * BLOCK);
    const target = 50 * BLOCK_SAMPLES + 77;
    mixer.seek(target);
    const after = render(200 * BLOCK);
    const steps = largestStep(Float32Array.from([...before.subarray(30 * BLOCK), ...after]));
    expect(steps).toBeLessThan(OWN_STEP + 1 / FADE);
    // Faded out, 20 blocks of silence, then the song from the target on.
    const silent = after.findIndex((_, n) => n > FADE && after[n] !== 0);
    expect(silent).toBeGreaterThan(18 * BLOCK);
    const played = after.subarray(silent + FADE);
    const from = Math.round(mixer.state().position) - played.length;
    expect(from).toBeGreaterThan(target);
    expect(played).toEqual(source.original[0].subarray(from, from + played.length));
    expect(most()).toBeLessThan(40);
  });

  test('repeats a loop that is longer than the blocks in memory, as a mixer in memory does', () => {
    const source = song(60 * BLOCK_SAMPLES);
    const loop = { start: BLOCK_SAMPLES + 5000, end: 50 * BLOCK_SAMPLES };
    const start = loop.end - 3000;
    const [disk, memory] = [onDisk(source, 3), inMemory(source)];
    for (const { mixer } of [disk, memory]) {
      mixer.setLoop(loop);
      mixer.seek(start);
    }
    disk.render(20 * BLOCK);
    for (const { mixer } of [disk, memory]) mixer.play();
    expect(disk.render(12_800)).toEqual(memory.render(12_800));
    expect(disk.mixer.state().position).toBe(memory.mixer.state().position);
    expect(disk.mixer.state().position).toBeLessThan(loop.start + 12_800);
    expect(disk.most()).toBeLessThan(40);
  });

  test('plays new vocals of a block that is already in memory', () => {
    const source = song(3 * BLOCK_SAMPLES);
    const { mixer, blocks, render } = onDisk(source, 1);
    mixer.setMix(1, 0);
    mixer.play();
    render(20 * BLOCK);
    const voice = new Float32Array(BLOCK_SAMPLES).fill(0.25);
    // Over the bound between the first two blocks.
    blocks.take({ start: BLOCK_SAMPLES - 1000, vocals: [voice] });
    const out = render(2 * BLOCK_SAMPLES - 20 * BLOCK);
    const at = (sample: number) => out[sample - 19 * BLOCK];
    expect(at(BLOCK_SAMPLES - 1002)).toBe(source.vocals[0][BLOCK_SAMPLES - 1002]);
    expect([at(BLOCK_SAMPLES - 1000), at(BLOCK_SAMPLES), at(2 * BLOCK_SAMPLES - 1001)]).toEqual([0.25, 0.25, 0.25]);
    expect(at(2 * BLOCK_SAMPLES - 1000)).toBe(source.vocals[0][2 * BLOCK_SAMPLES - 1000]);
  });

  test('requests each block once', () => {
    const blocks = new BlockTable(10 * BLOCK_SAMPLES);
    const first = blocks.want(0, []);
    expect(first.slice(0, 2)).toEqual([0, 1]);
    expect(new Set(first).size).toBe(first.length);
    expect(blocks.want(0, [])).toEqual([]);
  });
});
