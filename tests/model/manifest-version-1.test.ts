import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import { memoryStore } from '../../src/core/folder-store.ts';
import { importCheckpoint } from '../../src/model/import/import-checkpoint.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { parseDescription, parseManifest } from '../../src/model/manifest.ts';
import { isVersion1 } from '../../src/model/manifest-version-1.ts';
import { ModelStorage } from '../../src/model/model-storage.ts';
import { probeBackend } from '../../src/model/runtime/backend.ts';
import { builtFixture } from './built-fixture.ts';
import { convertFixture, fixturePath } from './fixtures.ts';

/** Untyped, because the tests break it on purpose. */
type Json = ReturnType<typeof JSON.parse>;

/** The manifest of models/paper before version 2, with shorter tables. */
const realManifest = (): Json => JSON.parse(readFileSync(fixturePath('manifest-version-1.json'), 'utf8'));

/** Converts a manifest of version 2 with one U-Net to version 1. */
function asVersion1({ version: _, networks, combine: __, title, normalisation, probe, ...rest }: Json): Json {
  const [[target, { family: ___, files, output, ...network }]] = Object.entries<Json>(networks);
  const { bins: _bins, frames: _frames, ...seen } = probe;
  const old = { ...network, stride: 2, padding: 'same' };
  return {
    ...rest,
    title: title.en,
    target,
    output,
    network: old,
    normalisation: normalisation.kind,
    files,
    probe: seen,
  };
}

describe('a manifest of version 1', () => {
  it('is recognised', () => {
    expect(isVersion1(realManifest())).toBe(true);
    for (const other of [null, [], 'text', {}, { version: 2, network: {} }, { network: [] }, { networks: {} }]) {
      expect(isVersion1(other)).toBe(false);
    }
  });

  it('is upgraded to version 2, field by field', () => {
    const { title, network, normalisation, target: _, output: __, files, probe, ...same } = realManifest();
    const { stride: ___, padding: ____, ...unet } = network;
    expect(parseManifest(realManifest(), 'test')).toEqual({
      ...same,
      version: 2,
      title: { en: title },
      normalisation: { kind: normalisation },
      networks: { vocals: { family: 'unet', ...unet, output: 'mask', files } },
      combine: { kind: 'single' },
      probe: { bins: 512, frames: 128, ...probe },
    });
    expect(files).toHaveLength(6);
  });

  it('gets a network of the accompaniment, and no qualities for a single speed', () => {
    const manifest = parseManifest({ ...realManifest(), target: 'accompaniment', speeds: 1 }, 'test');
    expect(Object.keys(manifest.networks)).toEqual(['accompaniment']);
    expect(manifest).not.toHaveProperty('speeds');
  });

  it('keeps magnitudes as the network’s output', () => {
    const manifest = parseManifest({ ...realManifest(), output: 'magnitude', normalisation: 'song-maximum' }, 'test');
    expect(manifest.networks.vocals?.output).toBe('magnitude');
    expect(manifest.normalisation).toEqual({ kind: 'song-maximum' });
  });

  it('is not modified', () => {
    const given = realManifest();
    parseManifest(given, 'test');
    expect(given).toEqual(realManifest());
  });

  it.each<[string, (json: Json) => void]>([
    ['speeds', (json) => (json.speeds = 3)],
    ['speeds', (json) => (json.speeds = 2)],
    ['partner', (json) => Object.assign(json, { partner: 'paper-pair' })],
    [
      'patch.bands',
      (json) =>
        (json.patch.bands = [
          [384, 1],
          [512, 8],
          [1152, 18],
        ]),
    ],
    ['network.mixing', (json) => (json.network.mixing = { rows: 512, narrowing: 8 })],
    [
      'speeds, partner, network.mixing, patch.bands',
      (json) => {
        Object.assign(json, { speeds: 3, partner: 'paper' });
        json.network.mixing = {};
        json.patch.bands = [];
      },
    ],
  ])('is rejected with %s, and the error says what to do', (fields, change) => {
    const json = realManifest();
    change(json);
    const error = faultOf(() => parseManifest(json, 'models/mine/manifest.json'));
    expect(error.message).toBe(
      `The model's manifest models/mine/manifest.json has an older version with fields that are no longer supported: ${fields}.`,
    );
    expect(error.hint).toBe('Remove the model and use one that comes with Unsung.');
  });

  it.each<[string, (json: Json) => void, RegExp]>([
    ['without a kernel', (json) => delete json.network.kernel, /networks\.vocals\.kernel is missing/],
    ['with an unknown field', (json) => (json.colour = 'blue'), /the whole: .*"colour"/],
    ['with an unknown normalisation', (json) => (json.normalisation = 'loudness'), /normalisation/],
    ['without files', (json) => delete json.files, /networks\.vocals\.files is missing/],
    ['with a patch that is none', (json) => (json.patch = 'small'), /patch: /],
  ])('is rejected by the schema, which names the field: %s', (_, change, fault) => {
    const json = realManifest();
    change(json);
    expect(faultOf(() => parseManifest(json, 'test')).message).toMatch(fault);
  });

  it('is upgraded without files, too', () => {
    const { files: _, probe: __, ...described } = realManifest();
    expect(parseDescription(described, 'test').networks.vocals).toMatchObject({
      family: 'unet',
      kernel: 5,
      output: 'mask',
    });
  });
});

describe('a stored model of version 1', () => {
  it('loads, matches its probe, and becomes version 2 when it is imported again', async () => {
    const folder = await convertFixture('paper');
    const path = join(folder, 'manifest.json');
    const current = JSON.parse(await readFile(path, 'utf8'));
    const old = asVersion1(current);
    expect(isVersion1(old)).toBe(true);
    await writeFile(path, JSON.stringify(old));
    const loaded = await loadModel(folderReader(folder));
    expect(loaded.manifest).toEqual(parseManifest(current, 'test'));
    expect(await probeBackend(loaded, 'cpu')).toMatchObject({ ok: true });

    const names = ['manifest.json', 'model.json', 'group1-shard1of1.bin'];
    const files = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
    const again = await importCheckpoint(files, undefined);
    expect(JSON.parse(new TextDecoder().decode(again.files.get('manifest.json')))).toEqual(current);
  });

  it('is listed; a model that cannot be upgraded is listed with the reason', async () => {
    const store = memoryStore();
    const kept = new ModelStorage([store]);
    const built = await builtFixture('paper');
    await kept.keep(built);
    const old = asVersion1(JSON.parse(new TextDecoder().decode(built.files.get('manifest.json'))));
    await store.write('paper', 'manifest.json', new TextEncoder().encode(JSON.stringify(old)));
    expect((await kept.list())[0]).toMatchObject({ manifest: built.manifest });
    await store.write('paper', 'manifest.json', new TextEncoder().encode(JSON.stringify({ ...old, speeds: 3 })));
    const [entry] = await kept.list();
    expect(entry.fault).toMatchObject({ code: 'model.old-version', values: { fields: 'speeds' } });
    await kept.remove('paper');
    expect(await kept.list()).toEqual([]);
  });
});

function faultOf(act: () => unknown): ModelError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return error as ModelError;
  }
  throw new Error('no fault');
}
