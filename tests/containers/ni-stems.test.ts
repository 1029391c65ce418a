import { ALL_FORMATS, BlobSource, Input } from 'mediabunny';
import { beforeAll, describe, expect, test } from 'vitest';
import { memorySink } from '../../src/audio/encode/byte-sink.ts';
import { type StemSounds, writeNiStems } from '../../src/containers/ni-stems.ts';
import { bytesOf, SHAPE, SINES, soundFile, tracksIn } from './videos.ts';

/** The content of the box at a path, found as Mixxx does it: the first box of each type, level by level. */
function boxContent(bytes: Buffer, ...path: readonly string[]): Buffer {
  let content = bytes;
  for (const type of path) {
    let at = 0;
    while (content.toString('latin1', at + 4, at + 8) !== type) {
      const size = content.readUInt32BE(at);
      at += size === 1 ? Number(content.readBigUInt64BE(at + 8)) : size;
      if (at >= content.length) throw new Error(`There is no ${type}.`);
    }
    content = content.subarray(at + 8, at + content.readUInt32BE(at));
  }
  return content;
}

/** Whether the tracks of a file are enabled (bit 0 of the flags of tkhd), and their numbers. */
function trackHeaders(moov: Buffer): readonly { readonly id: number; readonly isEnabled: boolean }[] {
  const headers = [];
  for (let at = moov.indexOf('tkhd'); at >= 0; at = moov.indexOf('tkhd', at + 4)) {
    const isLong = moov[at + 4] === 1;
    headers.push({ id: moov.readUInt32BE(at + (isLong ? 24 : 16)), isEnabled: (moov[at + 7] & 1) === 1 });
  }
  return headers;
}

describe('writeNiStems', () => {
  let sounds: StemSounds;
  let file: Blob;

  beforeAll(async () => {
    const mixture = await soundFile('m4a', SHAPE, SINES, { title: 'A song' });
    const [left, right] = SINES;
    const silent = new Float32Array(SHAPE.samples);
    const vocals = await soundFile('m4a', SHAPE, [left, silent]);
    const accompaniment = await soundFile('m4a', SHAPE, [silent, right]);
    const silence = await soundFile('m4a', SHAPE, [silent, silent]);
    sounds = { mixture, vocals, accompaniment, silence };
    const sink = memorySink();
    await writeNiStems(sink, sounds, new AbortController().signal);
    file = new Blob(sink.pieces());
  });

  test('describes four stems in moov/udta/stem, with the effects off', async () => {
    const json = JSON.parse(boxContent(await bytesOf(file), 'moov', 'udta', 'stem').toString('utf8'));
    expect(json.version).toBe(1);
    expect(json.stems.map((stem: { name: string }) => stem.name)).toEqual([
      'Vocals',
      'Accompaniment',
      'Silence',
      'Silence',
    ]);
    for (const { color } of json.stems) expect(color).toMatch(/^#[0-9A-F]{6}$/);
    expect(json.mastering_dsp.compressor.enabled).toBe(false);
    expect(json.mastering_dsp.limiter.enabled).toBe(false);
  });

  test('enables only the mixture, the first of five tracks', async () => {
    const headers = trackHeaders(boxContent(await bytesOf(file), 'moov'));
    expect(headers.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(headers.map(({ isEnabled }) => isEnabled)).toEqual([true, false, false, false, false]);
  });

  test('has the packets of mixture, vocals, accompaniment and silence', async () => {
    const tracks = await tracksIn(file);
    const { mixture, vocals, accompaniment, silence } = sounds;
    const expected = await Promise.all(
      [mixture, vocals, accompaniment, silence, silence].map(async (sound) => (await tracksIn(sound))[0]),
    );
    expect(tracks.map(({ codec }) => codec)).toEqual(['aac', 'aac', 'aac', 'aac', 'aac']);
    expect(tracks.map(({ packets }) => packets)).toEqual(expected.map(({ packets }) => packets));
  });

  test('has the tags of the mixture', async () => {
    const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
    expect(await input.getMetadataTags()).toMatchObject({ title: 'A song' });
    input.dispose();
  });

  test('ends with the signal, and aborts the sink', async () => {
    let aborted = false;
    const abort = async () => {
      aborted = true;
    };
    const stopped = writeNiStems({ ...memorySink(), abort }, sounds, AbortSignal.abort(new Error('stop')));
    await expect(stopped).rejects.toThrow('stop');
    expect(aborted).toBe(true);
  });
});
