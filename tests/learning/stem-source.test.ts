import { expect, test, vi } from 'vitest';
import { StemSource } from '../../src/learning/stem-source.ts';

const sound = (sampleRate: number) => ({ sampleRate, channels: [new Float32Array(4)] });
const file = new File([new Uint8Array(2)], 'voice.wav');

function source(loadDemo = vi.fn(async () => sound(1))) {
  const decode = vi.fn(async (chosen: Blob) => sound(chosen.size));
  return { loadDemo, decode, source: new StemSource({ stem: 'vocals', loadDemo, decode }) };
}

test('gives the demo song’s stem, loaded once', async () => {
  const { source: voice, loadDemo } = source();
  expect((await voice.sound()).sampleRate).toBe(1);
  await voice.sound();
  expect(loadDemo).toHaveBeenCalledExactlyOnceWith('vocals');
  expect(voice.file).toBeUndefined();
});

test('gives a chosen file until the demo song is asked for again, and tells of both', async () => {
  const { source: voice, decode } = source();
  const changed = vi.fn();
  voice.on('changed', changed);
  await voice.choose(file);
  expect(decode).toHaveBeenCalledWith(file, 'voice.wav');
  expect(voice.file?.name).toBe('voice.wav');
  expect((await voice.sound()).sampleRate).toBe(2);
  voice.useDemo();
  expect((await voice.sound()).sampleRate).toBe(1);
  expect(changed).toHaveBeenCalledTimes(2);
});

test('a file that cannot be decoded changes nothing', async () => {
  const { source: voice, decode } = source();
  decode.mockRejectedValue(new Error('no audio'));
  await expect(voice.choose(file)).rejects.toThrow('no audio');
  expect(voice.file).toBeUndefined();
});

test('loads the demo song’s stem again after a failure', async () => {
  const loadDemo = vi.fn(async () => sound(1)).mockRejectedValueOnce(new Error('offline'));
  const { source: voice } = source(loadDemo);
  await expect(voice.sound()).rejects.toThrow('offline');
  expect((await voice.sound()).sampleRate).toBe(1);
});
