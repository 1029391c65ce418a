import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import type { ByteCache } from '../../src/model/byte-cache.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { listModels, loadModel } from '../../src/model/load.ts';
import { bytesOf } from '../../src/model/manifest.ts';
import { sha256 } from '../../src/model/sha256.ts';
import { convertFixture, type Meddle, maxDifference, readFixture, serve, temporaryFolder } from './fixtures.ts';

const SHARD = 'group1-shard1of1.bin';

function memoryCache(): ByteCache & { entries: Map<string, Uint8Array<ArrayBuffer>> } {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    entries,
    get: async (key) => entries.get(key),
    put: async (key, bytes) => void entries.set(key, bytes),
    delete: async (key) => void entries.delete(key),
  };
}

/** Damages the shard on the first request, or on every request. */
function spoil(how: (bytes: Uint8Array) => Uint8Array | undefined, always = false): Meddle {
  return (path, bytes, before) => (path === SHARD && (always || before === 0) ? how(bytes) : bytes);
}

const flip = (bytes: Uint8Array) => bytes.map((byte, n) => (n === 100 ? byte ^ 1 : byte));
const DAMAGES: [string, (bytes: Uint8Array) => Uint8Array | undefined, RegExp][] = [
  ['half', (bytes) => bytes.subarray(0, bytes.length / 2), /It has \d+ bytes, not \d+/],
  ['empty', () => new Uint8Array(0), /It is empty/],
  ['changed in one bit', flip, /SHA-256/],
  ['longer than it should be', (bytes) => new Uint8Array([...bytes, 0]), /It has \d+ bytes, not \d+/],
  ['missing', () => undefined, /answered 404/],
];

const isShard = (address: unknown) => new URL(String(address)).pathname === `/${SHARD}`;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('loadModel', () => {
  it('reads the exported weights, and reports progress up to the total bytes', async () => {
    const { url } = await serve(await convertFixture('paper'));
    const progress: [number, number][] = [];
    const { manifest, readWeights } = await loadModel(url, { onProgress: (...step) => progress.push(step) });
    const weights = await readWeights('vocals');
    const fixture = await readFixture('paper');
    expect([...weights.keys()].sort()).toEqual([...fixture.weights.keys()].sort());
    for (const [name, { values }] of fixture.weights) expect([...weights.get(name)!.values]).toEqual([...values]);
    const total = bytesOf(manifest);
    expect(progress.at(-1)).toEqual([total, total]);
    expect(progress.every(([loaded]) => loaded <= total)).toBe(true);
  });

  it('reads float16 shards with their precision', async () => {
    const loaded = await loadModel(folderReader(await convertFixture('paper', 'float16')));
    const weights = await loaded.readWeights('vocals');
    const fixture = await readFixture('paper');
    for (const [name, { values }] of fixture.weights) {
      expect(maxDifference(weights.get(name)!.values, values)).toBeLessThan(2 ** -10);
    }
  });

  it.each(DAMAGES)('fetches a shard that is %s once more', async (_, how) => {
    const { url, requests } = await serve(await convertFixture('paper'), spoil(how));
    await loadModel(url);
    expect(requests.filter((path) => path === SHARD)).toHaveLength(2);
  });

  it.each(DAMAGES)('names a shard that stays %s', async (_, how, fault) => {
    const { url, requests } = await serve(await convertFixture('paper'), spoil(how, true));
    const error = await loadModel(url).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).message).toContain(url + SHARD);
    expect((error as ModelError).message).toMatch(fault);
    expect((error as ModelError).hint).not.toBe('');
    expect(requests.filter((path) => path === SHARD)).toHaveLength(2);
  });

  it('bypasses the browser’s HTTP cache on the second fetch', async () => {
    const { url } = await serve(await convertFixture('paper'), spoil(flip));
    const fetched = vi.spyOn(globalThis, 'fetch');
    await loadModel(url);
    const modes = fetched.mock.calls.filter(([address]) => isShard(address)).map(([, init]) => init?.cache);
    fetched.mockRestore();
    expect(modes).toEqual(['default', 'reload']);
  });

  it('gets a replaced model although a server keeps each address for ever', async () => {
    const before = await convertFixture('paper');
    const after = await convertFixture('paper', 'float16');
    const addresses = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
    let folder = before;
    // As a CDN: the manifest is asked for again each time, all else once for each address.
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (address) => {
      const { pathname, href } = new URL(String(address));
      const file = () => readFile(join(folder, pathname)).then((bytes) => new Uint8Array(bytes));
      const kept = pathname === '/manifest.json' ? file() : (addresses.get(href) ?? file());
      addresses.set(href, kept);
      return new Response(await kept);
    });
    await loadModel('http://models.test/');
    folder = after;
    const weights = await (await loadModel('http://models.test/')).readWeights('vocals');
    fetched.mockRestore();
    const wanted = await (await loadModel(folderReader(after))).readWeights('vocals');
    expect(weights).toEqual(wanted);
  });

  it('reads the files from the cache on the second load', async () => {
    const { url, requests } = await serve(await convertFixture('paper'));
    const cache = memoryCache();
    await loadModel(url, { cache });
    expect(cache.entries.size).toBe(2);
    await loadModel(url, { cache });
    expect(requests.filter((path) => path === SHARD)).toHaveLength(1);
  });

  it('discards a damaged cached file, and fetches it', async () => {
    const { url, requests } = await serve(await convertFixture('paper'));
    const cache = memoryCache();
    await loadModel(url, { cache });
    const sound = new Map(cache.entries);
    for (const [key, bytes] of sound) cache.entries.set(key, bytes.slice(0, 10));
    await loadModel(url, { cache });
    expect(requests.filter((path) => path === SHARD)).toHaveLength(2);
    expect(cache.entries).toEqual(sound);
  });

  it('never caches a damaged file', async () => {
    const { url } = await serve(await convertFixture('paper'), spoil(flip, true));
    const cache = memoryCache();
    await expect(loadModel(url, { cache })).rejects.toThrow(ModelError);
    for (const [key, bytes] of cache.entries) expect(await sha256(bytes)).toBe(key);
  });

  it('reports a manifest with a missing field', async () => {
    const folder = await convertFixture('paper');
    const { stft: _, ...rest } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(rest));
    await expect(loadModel(folderReader(folder))).rejects.toThrow(/manifest\.json is not valid: stft is missing/);
  });

  it('reports a manifest that is a web page', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'manifest.json'), '<!doctype html>');
    await expect(loadModel(folderReader(folder))).rejects.toThrow(/manifest\.json is not JSON/);
  });

  it('reports a server that does not respond, and a missing folder', async () => {
    await expect(loadModel('http://127.0.0.1:1/')).rejects.toThrow(/could not be loaded/);
    await expect(loadModel(folderReader('/nowhere/at/all'))).rejects.toThrow(/cannot be read/);
  });

  it('rejects with the signal’s reason', async () => {
    const { url } = await serve(await convertFixture('paper'));
    const reason = new Error('enough');
    await expect(loadModel(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stop = new AbortController();
    const loading = loadModel(url, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(loading).rejects.toBe(reason);
  });
});

describe('listModels', () => {
  it('lists the converted models', async () => {
    const folder = await convertFixture('paper');
    const models = await listModels(folderReader(join(folder, '..')));
    expect(models).toEqual([{ id: 'paper', default: true }]);
  });

  it('reports an invalid list', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'index.json'), '{}');
    await expect(listModels(folderReader(folder))).rejects.toThrow(/lists no models/);
  });
});

describe('sha256', () => {
  // FIPS 180-2, appendix B.1.
  const truth = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('matches the standard', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(truth);
  });

  it('is the same when the browser has no SHA-256, as on a page from http', async () => {
    vi.stubGlobal('crypto', {});
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(truth);
  });
});
