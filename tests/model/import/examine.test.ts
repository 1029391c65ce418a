import { beforeAll, describe, expect, it } from 'vitest';
import { examineFiles, importCheckpoint } from '../../../src/model/import/import-checkpoint.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { faultOf, fixtureFile, npy, text, zipOf } from './files.ts';

beforeAll(prepareBackends);

const SMALL = { config: { patch: { bins: 64, frames: 64 } } };
const chainer = () => fixtureFile('chainer/unet.model');
const npz = (arrays: Record<string, Uint8Array>) => ({ name: 'weights.npz', bytes: zipOf(arrays) });

describe('examineFiles', () => {
  it('detects a checkpoint’s system and its number of networks', async () => {
    expect(await examineFiles([chainer()])).toEqual({ described: false, presets: ['chainer-unet'], networks: 1 });
  });

  it('recognises a converted model by its manifest', async () => {
    const { files } = await importCheckpoint([chainer()], 'chainer-unet', SMALL);
    const named = [...files].map(([name, bytes]) => ({ name, bytes }));
    expect(await examineFiles(named)).toEqual({ described: true, presets: [], networks: 1 });
  });

  it('rejects files without a network of a known system, and lists their tensors', async () => {
    const other = npz({ 'dense/weights.npy': npy([2], Float32Array.of(1, 2)) });
    expect(await faultOf(() => examineFiles([other]))).toMatch(
      /^weights\.npz contains no network of a supported system.*dense\/weights/,
    );
  });

  it('rejects unreadable files, like the import', async () => {
    const notes = { name: 'notes.txt', bytes: text('words') };
    expect(await faultOf(() => examineFiles([notes]))).toBe('notes.txt cannot be imported.');
  });
});

describe('a checkpoint’s stem', () => {
  it('is the requested one', async () => {
    const { manifest } = await importCheckpoint([chainer()], 'chainer-unet', { ...SMALL, stem: 'accompaniment' });
    expect(Object.keys(manifest.networks)).toEqual(['accompaniment']);
  });
});
