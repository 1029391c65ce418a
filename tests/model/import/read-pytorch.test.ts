import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPyTorch } from '../../../src/model/import/read-pytorch.ts';
import { faultOf, fixtureFile, fixtureJson } from './files.ts';

interface Described {
  readonly shape: number[];
  readonly values: number[];
}

/** By file. A string names another file with the same content. */
type Values = Readonly<Record<string, Readonly<Record<string, Described>> | string>>;

// Written by PyTorch and NumPy: training/reference/import_pytorch_pickles.py.
describe.each(['pytorch-1', 'pytorch-2'])('readPyTorch with files of torch.save, %s,', (folder) => {
  const { files } = fixtureJson<{ files: Values }>(`${folder}/values.json`);

  it.each(Object.entries(files))('reads %s', (name, stated) => {
    const expected = typeof stated === 'string' ? (files[stated] as Record<string, Described>) : stated;
    const read = readPyTorch(fixtureFile(`${folder}/${name}`));
    const names = read.map((tensor) => tensor.name);
    expect(names).toEqual(Object.keys(expected));
    for (const { name, shape, data } of read) {
      expect([name, shape, [...data]]).toEqual([name, expected[name].shape, expected[name].values.map(Math.fround)]);
    }
  });

  it.each([
    ['evil.pt', /evil\.pt is refused: it would make Python run “posix\.system”\.$/],
    ['module-own.pt', /the Python object “__main__\.Net” and no tensors/],
    ['module-torch.pt', /“torch\.nn\.modules\.linear\.Linear”/],
    ['module-training.pt', /“__main__\.Net”/],
    ['sparse.pt', /“torch\._utils\._rebuild_sparse_tensor”, which is not supported/],
    ['complex.pt', /“weight” has numbers of the type “torch\.Complex(Float|64)Storage”, which are not read/],
  ])('rejects %s', async (name, fault) => {
    expect(await faultOf(() => readPyTorch(fixtureFile(`${folder}/${name}`)))).toMatch(fault);
    // The effect of evil.pt in Python.
    expect(existsSync('/tmp/unsung-evil-was-run')).toBe(false);
  });
});
