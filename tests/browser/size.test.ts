import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';

/** Bytes, gzip. What the page may take before it can be used: its page, its styles, its code. */
const FIRST_LOAD = 150_000;
/** What the package's entry may take. */
const PACKAGE = 60_000;

/** Names that TensorFlow.js's kernels have, and nothing else. */
const TENSORFLOW = /Conv2DBackpropFilter|FusedConv2D/;

const folders = inject('shared');

/** The files of a module and of all that it imports at once; what it imports later does not count. */
async function withImports(folder: string, path: string, found = new Map<string, string>()) {
  if (found.has(path)) return found;
  const text = await readFile(join(folder, path), 'utf8');
  found.set(path, text);
  // A minifier's imports: import{a as b}from"./x.js", import"./x.js", export*from"./x.js". Not import("./x.js").
  for (const [, address] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+\.js)["'`]/g)) {
    await withImports(folder, join(path, '..', address), found);
  }
  return found;
}

const gzipped = (texts: Iterable<string>) => [...texts].reduce((sum, text) => sum + gzipSync(text).length, 0);

describe('the size of the initial download', () => {
  test('is under 150 kB for the page, without TensorFlow.js', async () => {
    const html = await readFile(join(folders.page, 'index.html'), 'utf8');
    const files = new Map([['index.html', html]]);
    const [entry] = /assets\/index-[\w-]+\.js/.exec(html) ?? [];
    for (const [path, text] of await withImports(folders.page, entry!)) files.set(path, text);
    for (const [path] of html.matchAll(/assets\/[\w.-]+\.(?:css|js)/g)) {
      files.set(path, await readFile(join(folders.page, path), 'utf8'));
    }
    expect([...files.keys()].some((path) => path.endsWith('.css'))).toBe(true);
    for (const [path, text] of files) expect(TENSORFLOW.test(text), path).toBe(false);
    expect(gzipped(files.values())).toBeLessThan(FIRST_LOAD);
    // The names are right: a worker has them.
    const assets = (await readdir(join(folders.page, 'assets'))).filter((name) => /worker.*\.js$/.test(name));
    const texts = await Promise.all(assets.map((name) => readFile(join(folders.page, 'assets', name), 'utf8')));
    expect(texts.filter((text) => TENSORFLOW.test(text)).length).toBeGreaterThan(0);
  });

  test('has the code of WebGPU in a chunk that a worker loads where there is a graphics card', async () => {
    const names = (await readdir(join(folders.page, 'assets'))).filter((name) => name.endsWith('.js'));
    const isWebGpu = async (name: string) =>
      (await readFile(join(folders.page, 'assets', name), 'utf8')).includes('@compute @workgroup_size');
    const chunks = (await Promise.all(names.map(isWebGpu))).flatMap((found, n) => (found ? [names[n]] : []));
    // One for each worker that has TensorFlow.js.
    expect(chunks).not.toEqual([]);
    for (const chunk of chunks) expect(chunk).toMatch(/^create-webgpu-backend/);
    const workers = names.filter((name) => /\.worker-[\w-]+\.js$/.test(name));
    for (const worker of workers) {
      const files = [...(await withImports(folders.page, join('assets', worker))).keys()];
      expect(files.filter((file) => chunks.includes(basename(file)))).toEqual([]);
    }
  });

  test('is under 60 kB for the package, without TensorFlow.js', async () => {
    const files = await withImports(folders.package, 'unsung.js');
    for (const [path, text] of files) expect(TENSORFLOW.test(text), path).toBe(false);
    expect(gzipped(files.values())).toBeLessThan(PACKAGE);
  });
});
