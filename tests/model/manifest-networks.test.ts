import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import {
  bytesOf,
  filesOf,
  isModelJson,
  mainNetwork,
  networksOf,
  parseDescription,
  parseManifest,
} from '../../src/model/manifest.ts';
import { buildSpleeterFolder, readSpleeter, type SpleeterName } from './spleeter-fixtures.ts';

/** Untyped, because the tests break it on purpose. */
type Json = ReturnType<typeof JSON.parse>;

async function changed(name: SpleeterName, change: (json: Json) => void): Promise<string> {
  const json = JSON.parse(new TextDecoder().decode((await buildSpleeterFolder(name)).files.get('manifest.json')));
  change(json);
  try {
    parseManifest(json, 'test');
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return (error as ModelError).message;
  }
  return 'no fault';
}

describe('parseManifest with several networks', () => {
  it('reads the manifests that conversion writes: the networks, vocals first, and all files', async () => {
    const { manifest, files } = await buildSpleeterFolder('spleeter-elu');
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)), 'test')).toEqual(manifest);
    expect(networksOf(manifest).map(([stem]) => stem)).toEqual(['vocals', 'drums', 'other']);
    expect(mainNetwork(manifest)[0]).toBe('vocals');
    const paths = filesOf(manifest).map(({ path }) => path);
    expect(paths).toEqual(
      ['vocals', 'drums', 'other'].flatMap((stem) => [`${stem}/model.json`, `${stem}/group1-shard1of1.bin`]),
    );
    expect(paths.filter(isModelJson)).toHaveLength(3);
    expect(bytesOf(manifest)).toBe(paths.reduce((sum, path) => sum + files.get(path)!.length, 0));
  });

  it.each<[SpleeterName, string, (json: Json) => void, RegExp]>([
    ['spleeter', 'one channel', (json) => (json.channels = 1), /channels: expected 2 for networks of Spleeter/],
    ['spleeter', 'a stem that nobody knows', (json) => (json.networks.flute = json.networks.vocals), /networks/],
    [
      'spleeter',
      'no network of the vocals',
      (json) => {
        json.networks.drums = json.networks.vocals;
        delete json.networks.vocals;
      },
      /networks: expected one of the vocals, or one of the accompaniment alone/,
    ],
    ['spleeter', 'no combination', (json) => (json.combine = { kind: 'single' }), /combine\.kind: expected ratio/],
    [
      'spleeter',
      'a ratio with one network',
      (json) => {
        delete json.networks.accompaniment;
        delete json.qualities;
      },
      /combine\.kind: expected single/,
    ],
    ['spleeter', 'an exponent of 0', (json) => (json.combine.exponent = 0), /combine\.exponent/],
    [
      'spleeter-logit',
      'the logits of one network',
      (json) => {
        json.networks = { vocals: json.networks.vocals };
        json.combine = { kind: 'single' };
        delete json.qualities;
      },
      /networks\.vocals\.output: expected mask of one network/,
    ],
    [
      'spleeter-logit',
      'a quality without all logits',
      (json) => (json.qualities.fast.networks = ['vocals']),
      /qualities\.fast\.networks: expected all, for their masks are a softmax/,
    ],
    [
      'spleeter-logit',
      'a quality with the same logits twice',
      (json) => (json.qualities.fast.networks = ['vocals', 'vocals', 'bass']),
      /qualities\.fast\.networks: expected all, for their masks are a softmax/,
    ],
    [
      'spleeter-logit',
      'logits of some networks and masks of others',
      (json) => (json.networks.bass.output = 'mask'),
      /networks: expected logits of all or of none/,
    ],
    ['spleeter', 'only one quality', (json) => delete json.qualities.fast, /qualities\.fast is missing/],
    ['spleeter', 'a quality of no network', (json) => (json.qualities.fast.networks = []), /qualities\.fast\.networks/],
    [
      'spleeter',
      'a quality without the vocals',
      (json) => (json.qualities.fast.networks = ['accompaniment']),
      /qualities\.fast\.networks: expected that of the vocals/,
    ],
    [
      'spleeter',
      'a quality with an unknown network',
      (json) => (json.qualities.best.networks = ['vocals', 'drums']),
      /qualities\.best\.networks: expected some of networks/,
    ],
    [
      'spleeter',
      'bins that cannot be halved',
      (json) => (json.qualities.fast.bins = 12),
      /fast\.bins: .*multiple of 8/,
    ],
    ['spleeter', 'more bins than the patch', (json) => (json.qualities.best.bins = 64), /best\.bins: .*up to 32/],
    ['spleeter', 'a probe that cannot be halved', (json) => (json.probe.bins = 12), /probe\.bins: .*multiple of 8/],
    ['spleeter', 'a level above full scale', (json) => (json.normalisation.level = 1.1), /normalisation\.level/],
    ['spleeter', 'no level', (json) => delete json.normalisation.level, /normalisation\.level is missing/],
    [
      'spleeter',
      'two files called model.json in a network',
      (json) => json.networks.vocals.files.push(json.networks.vocals.files[0]),
      /networks\.vocals\.files: expected one model\.json/,
    ],
  ])('rejects, in %s, %s', async (name, _, change, expected) => {
    expect(await changed(name, change)).toMatch(expected);
  });

  it('rejects a magnitude among several networks', async () => {
    const { description } = await readSpleeter('spleeter');
    const unet = {
      family: 'unet',
      kernel: 5,
      encoderFilters: [2],
      decoderFilters: [2],
      order: 'norm-activation',
      slope: 0.2,
      epsilon: 1e-3,
      bias: true,
      outputActivation: 'relu',
      skipOrder: 'decoder-encoder',
      output: 'magnitude',
    };
    const networks = { ...description.networks, accompaniment: unet };
    expect(() => parseDescription({ ...description, networks }, 'test')).toThrow(
      /networks\.accompaniment\.output: expected mask of several networks/,
    );
  });
});
