import { beforeAll, describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../../src/model/import/import-checkpoint.ts';
import type { NamedFile } from '../../../src/model/import/types.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { sha256 } from '../../../src/model/sha256.ts';
import { faultOf, fixtureFile, text, zipOf } from './files.ts';

beforeAll(prepareBackends);

const config = { patch: { bins: 64, frames: 64 } };

async function folderFiles(): Promise<Record<string, Uint8Array>> {
  return Object.fromEntries(
    (await importCheckpoint([fixtureFile('chainer/unet.model')], 'chainer-unet', { config })).files,
  );
}

const named = (files: Record<string, Uint8Array>): NamedFile[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

describe('importCheckpoint with a converted model', () => {
  it('accepts the folder’s files, or a zip of them with an outer folder and system files', async () => {
    const files = await folderFiles();
    const zipped = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`my model/${name}`, bytes]));
    const zip = zipOf({ ...zipped, '__MACOSX/my model/._manifest.json': text('x'), '.DS_Store': text('x') });
    for (const given of [named(files), [{ name: 'm.zip', bytes: zipOf(files) }], [{ name: 'm.zip', bytes: zip }]]) {
      const built = await importCheckpoint(given, undefined);
      expect(Object.fromEntries(built.files)).toEqual(files);
      expect(built.manifest.id).toBe('unet');
    }
  });

  it('changes the id, also in the manifest’s bytes', async () => {
    const { manifest, files } = await importCheckpoint(named(await folderFiles()), undefined, { id: 'other' });
    expect(manifest.id).toBe('other');
    expect(JSON.parse(new TextDecoder().decode(files.get('manifest.json')))).toEqual(manifest);
  });

  it.each<[string, (files: Record<string, Uint8Array>) => void, RegExp]>([
    ['a missing shard', (files) => delete files['group1-shard1of1.bin'], /group1-shard1of1\.bin is missing/],
    ['a changed shard', (files) => files['group1-shard1of1.bin'].fill(0, 0, 9), /SHA-256/],
    ['a manifest that is none', (files) => (files['manifest.json'] = text('{}')), /is not valid/],
  ])('rejects %s', async (_, change, fault) => {
    const files = await folderFiles();
    change(files);
    expect(await faultOf(() => importCheckpoint(named(files), undefined))).toMatch(fault);
  });

  it('rejects weights that are not finite, even with a correct hash', async () => {
    const files = await folderFiles();
    const shard = files['group1-shard1of1.bin'].slice().fill(0xff, 0, 2);
    const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json']));
    manifest.networks.vocals.files[1].sha256 = await sha256(shard as Uint8Array<ArrayBuffer>);
    const changed = { ...files, 'group1-shard1of1.bin': shard, 'manifest.json': text(JSON.stringify(manifest)) };
    expect(await faultOf(() => importCheckpoint(named(changed), undefined))).toMatch(
      /encoder_0_conv\/kernel.*not finite/,
    );
  });

  it.each(['../manifest.json', 'a/../../x', '/etc/passwd', 'C:/x', 'a\\b', '..'])(
    'rejects a zip with the path %s',
    async (path) => {
      const zip = zipOf({ 'manifest.json': text('{}'), [path]: text('x') });
      expect(await faultOf(() => importCheckpoint([{ name: 'm.zip', bytes: zip }], undefined))).toMatch(
        /m\.zip is refused: .* points outside its folder/,
      );
    },
  );

  it('rejects a zip with a symbolic link', async () => {
    const zip = zipOf({ 'manifest.json': text('/etc/passwd') }, { 'manifest.json': { os: 3, attrs: 0o120777 << 16 } });
    expect(await faultOf(() => importCheckpoint([{ name: 'm.zip', bytes: zip }], undefined))).toMatch(/is a link/);
  });
});
