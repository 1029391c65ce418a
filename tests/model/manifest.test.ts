import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import { parseManifest, titleOf } from '../../src/model/manifest.ts';
import { convertFixture } from './fixtures.ts';

/** Untyped, because the tests break it on purpose. */
type Json = ReturnType<typeof JSON.parse>;

async function manifestJson(): Promise<Json> {
  return JSON.parse(await readFile(join(await convertFixture('paper'), 'manifest.json'), 'utf8'));
}

const filesOf = (json: Json): Json => json.networks.vocals.files;

async function faultOf(change: (json: Json) => void): Promise<string> {
  const json = await manifestJson();
  change(json);
  try {
    parseManifest(json, 'models/test/manifest.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).hint).toMatch(/convert/);
    return (error as ModelError).message;
  }
  return 'no fault';
}

describe('parseManifest', () => {
  it('reads the manifests that conversion writes', async () => {
    expect(parseManifest(await manifestJson(), 'test')).toMatchObject({
      version: 2,
      id: 'paper',
      networks: { vocals: { family: 'unet', kernel: 5 } },
    });
  });

  it('names every missing field, and the file', async () => {
    const message = await faultOf((json) => {
      delete json.sampleRate;
      delete json.stft.hop;
      delete json.networks;
    });
    expect(message).toContain('models/test/manifest.json');
    for (const field of ['sampleRate', 'stft.hop', 'networks']) expect(message).toContain(`${field} is missing`);
  });

  it.each<[string, (json: Json) => void, RegExp]>([
    ['a field of the wrong type', (json) => (json.stft.hop = '768'), /stft\.hop: .*number/],
    ['an unknown window', (json) => (json.stft.window = 'kaiser'), /stft\.window: /],
    ['an unknown compression', (json) => (json.compression = { kind: 'cube' }), /compression/],
    ['a log without scale', (json) => (json.compression = { kind: 'log' }), /compression\.scale is missing/],
    ['a patch that the network cannot halve', (json) => (json.patch.frames = 20), /patch\.frames: .*multiple of 8/],
    ['more bins than the STFT has', (json) => (json.patch.firstBin = 10), /patch\.bins: .*33/],
    [
      'decoders of another number',
      (json) => json.networks.vocals.decoderFilters.shift(),
      /networks\.vocals\.decoderFilters: /,
    ],
    ['an output of two channels', (json) => (json.networks.vocals.decoderFilters[2] = 2), /last to be 1/],
    ['bins that the network cannot halve', (json) => (json.patch.bins = 20), /patch\.bins: .*multiple of 8/],
    ['three channels', (json) => (json.channels = 3), /channels: /],
    [
      'a file outside the folder',
      (json) => (filesOf(json)[0].path = '../secret'),
      /vocals\.files\.0\.path: .*relative/,
    ],
    ['a file on another server', (json) => (filesOf(json)[0].path = 'https://example.org/x'), /files\.0\.path/],
    ['a hash that is none', (json) => (filesOf(json)[0].sha256 = 'abc'), /files\.0\.sha256/],
    ['no model.json', (json) => filesOf(json).splice(0, 1, filesOf(json)[1]), /files: .*model\.json/],
    ['a probe outside the patch', (json) => (json.probe.positions[0] = 512), /probe\.positions: .*512/],
  ])('rejects %s', async (_, change, expected) => {
    expect(await faultOf(change)).toMatch(expected);
  });

  it.each<[string, (json: Json) => void, RegExp]>([
    ['of the whole', (json) => (json.colour = 'blue'), /the whole: .*"colour"/],
    ['of the STFT', (json) => (json.stft.overlap = 2), /stft: .*"overlap"/],
    ['of a network', (json) => (json.networks.vocals.stride = 2), /networks\.vocals: .*"stride"/],
    ['of a file', (json) => (filesOf(json)[0].url = 'x'), /networks\.vocals\.files\.0: .*"url"/],
    ['of version 1', (json) => (json.speeds = 1), /the whole: .*"speeds"/],
    ['of the combination', (json) => (json.combine.exponent = 2), /combine: .*"exponent"/],
  ])('names an unknown field: %s', async (_, change, expected) => {
    expect(await faultOf(change)).toMatch(expected);
  });

  it('accepts free records, and a title as a text or by language', async () => {
    const json = await manifestJson();
    json.trainedOn = { songs: [{ anything: 1 }] };
    json.title = 'A title';
    expect(parseManifest(json, 'test')).toMatchObject({ title: { en: 'A title' }, trainedOn: json.trainedOn });
    json.title = { en: 'A title', 'zh-CN': '标题' };
    const manifest = parseManifest(json, 'test');
    expect([undefined, 'zh-CN', 'fr'].map((language) => titleOf(manifest, language))).toEqual([
      'A title',
      '标题',
      'A title',
    ]);
    expect(await faultOf((json) => (json.title = { 'zh-CN': '标题' }))).toMatch(/title/);
  });

  it.each([[null], [[]], ['text'], [42]])('rejects %j, which is not a manifest', (json) => {
    expect(() => parseManifest(json, 'test')).toThrow(ModelError);
  });
});
