import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kindOfFile } from '../../../src/ui/files/file-kind.ts';
import { type IncomingFile, sortIncoming } from '../../../src/ui/files/incoming-files.ts';
import { formatFixtures } from '../../fixtures/formats/index.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dirname, '../../fixtures', path));
const kind = (name: string, bytes: Uint8Array) => kindOfFile(name, bytes.subarray(0, 16), bytes.subarray(-8));
const text = (content: string) => new TextEncoder().encode(content);

function given(path: string, content: Uint8Array | string = 'x'): IncomingFile {
  const bytes = typeof content === 'string' ? text(content) : Uint8Array.from(content);
  return { path, file: new File([bytes], basename(path)) };
}

const song = () => given('song.mp3', fixture('audio/mono.mp3'));
const manifest = (fields: object = { title: 'My model', target: 'accompaniment' }) => JSON.stringify(fields);

describe('kindOfFile', () => {
  test.each([
    'wav16.wav',
    'mono.mp3',
    'vorbis.ogg',
    'opus.opus',
    'flac.flac',
    'aac.m4a',
    'opus.webm',
    'video-with-sound.mp4',
    'adts.aac',
  ])('takes the contents of %s for a song, whatever the name', (name) => {
    expect(kind('file', fixture(`audio/${name}`))).toBe('song');
    expect(kind(name, fixture(`audio/${name}`))).toBe('song');
  });

  test.each(formatFixtures)('takes $file for a song', ({ file }) => {
    expect(kind(file, fixture(`formats/${file}`))).toBe('song');
  });

  test.each(['import/chainer/unet.model', 'import/arrays/plain.npz', 'model/paper.safetensors'])(
    'takes the contents of %s for a model, whatever the name',
    (path) => {
      expect(kind('file', fixture(path))).toBe('model');
      expect(kind('song.mp3', fixture(path))).toBe('model');
    },
  );

  test('knows a TensorFlow checkpoint’s index by its end, and its data by the name alone', () => {
    const index = fixture('import/tensorflow/model.ckpt-400.index');
    expect(kind('file', index)).toBe('model');
    // Numbers may begin as MPEG audio does.
    expect(kind('model.ckpt-400.data-00000-of-00001', new Uint8Array([0xff, 0xfb, 0x90, 0]))).toBe('model');
  });

  test('goes by the name where the contents tell nothing', () => {
    expect(kind('nothing.mp3', new Uint8Array(0))).toBe('song');
    expect(kind('weights.safetensors', text('short'))).toBe('model');
    expect(kind('weights.pth', text('something'))).toBe('model');
    expect(kind('notes.txt', text('la la la'))).toBe('unknown');
  });

  test('tells MPEG-TS from TypeScript, which has the same ending', () => {
    expect(kind('broadcast.ts', fixture('formats/aac.mpegts'))).toBe('song');
    expect(kind('song.ts', readFileSync(import.meta.filename))).toBe('unknown');
    expect(kind('empty.TS', new Uint8Array(0))).toBe('unknown');
  });
});

describe('sortIncoming', () => {
  test('passes songs on, and what is neither song nor model, so that opening it says what is wrong', async () => {
    const songs = await sortIncoming([given('album/cover.jpg'), song()]);
    expect(songs).toMatchObject({ kind: 'songs', songs: [{ name: 'song.mp3' }] });
    expect(await sortIncoming([given('project/main.ts'), song()])).toMatchObject({ songs: [{ name: 'song.mp3' }] });
    expect(await sortIncoming([given('notes.txt')])).toMatchObject({ kind: 'songs', songs: [{ name: 'notes.txt' }] });
    expect(await sortIncoming([given('.DS_Store')])).toEqual({ kind: 'nothing' });
  });

  test('takes a folder with a manifest for one model, with all that lies in it, and its title', async () => {
    const incoming = await sortIncoming([
      given('mine/manifest.json', manifest()),
      given('mine/model.json'),
      given('mine/group1-shard1of1.bin'),
      given('mine/sample.mp3', fixture('audio/mono.mp3')),
    ]);
    expect(incoming).toMatchObject({
      kind: 'model',
      offer: { form: 'converted', name: 'My model', described: true },
    });
    expect(incoming.kind === 'model' && incoming.offer.files.map(({ name }) => name)).toEqual([
      'manifest.json',
      'model.json',
      'group1-shard1of1.bin',
      'sample.mp3',
    ]);
  });

  test('keeps the two files of a TensorFlow checkpoint together, and takes the latest of a series', async () => {
    const incoming = await sortIncoming([
      given('run/checkpoint'),
      given('run/model.ckpt-900.index'),
      given('run/model.ckpt-900.data-00000-of-00001'),
      given('run/model.ckpt-1000.index'),
      given('run/model.ckpt-1000.data-00000-of-00001'),
      given('run/model.ckpt-1000.meta'),
    ]);
    expect(incoming).toMatchObject({
      kind: 'model',
      offer: { form: 'checkpoint', name: 'model.ckpt-1000', ending: '.index', described: false },
    });
    expect(incoming.kind === 'model' && incoming.offer.files.map(({ name }) => name)).toEqual([
      'model.ckpt-1000.index',
      'model.ckpt-1000.data-00000-of-00001',
    ]);
  });

  test('tells whose checkpoint a file is where it can: by its ending or its first bytes', async () => {
    const ofFile = async (name: string, path: string) => {
      const incoming = await sortIncoming([given(name, fixture(path))]);
      return incoming.kind === 'model' ? incoming.offer : undefined;
    };
    const chainer = await ofFile('unet', 'import/chainer/unet.model');
    expect(chainer).toMatchObject({ form: 'checkpoint', ending: '.npz', described: false });
    const torch = await ofFile('epoch-7.ckpt', 'import/pytorch-2/state.pt');
    expect(torch).toMatchObject({ form: 'checkpoint', ending: '.pt', name: 'epoch-7' });
    expect(await ofFile('old', 'import/pytorch-1/views-old.pth')).toMatchObject({ form: 'checkpoint', ending: '.pt' });
    const described = await ofFile('weights', 'model/paper.safetensors');
    expect(described).toMatchObject({ ending: '.safetensors', described: true, name: 'Test network paper' });
  });

  test('takes a zip for an archive of a model', async () => {
    const incoming = await sortIncoming([given('my-model.zip', fixture('import/chainer/unet.model'))]);
    expect(incoming).toMatchObject({ kind: 'model', offer: { form: 'archive', name: 'my-model' } });
    // A package of Python.
    const wheel = await sortIncoming([given('my-model.whl', fixture('import/chainer/unet.model'))]);
    expect(wheel).toMatchObject({ kind: 'model', offer: { form: 'archive', name: 'my-model' } });
  });

  test('refuses a song together with a model, and more than one model', async () => {
    const model = () => given('unet.model', fixture('import/chainer/unet.model'));
    expect(await sortIncoming([model(), song()])).toEqual({ kind: 'both', song: 'song.mp3', model: 'unet.model' });
    expect(await sortIncoming([given('manifest.json', manifest()), song()])).toMatchObject({ kind: 'both' });
    expect(await sortIncoming([model(), given('b.npz')])).toEqual({
      kind: 'many-models',
      names: ['unet.model', 'b'],
    });
    const folders = [given('a/manifest.json', manifest()), given('b/manifest.json', manifest())];
    expect(await sortIncoming(folders)).toEqual({ kind: 'many-models', names: ['a', 'b'] });
  });

  test('takes PyTorch’s files of one folder for the networks of one model', async () => {
    const network = (path: string) => given(path, fixture('import/torch/unet.pt'));
    expect(await sortIncoming([network('stems/0.ckpt'), network('stems/1.ckpt')])).toMatchObject({
      kind: 'model',
      offer: { form: 'checkpoint', files: [{ name: '0.ckpt' }, { name: '1.ckpt' }] },
    });
    expect(await sortIncoming([network('a/0.pt'), network('b/0.pt')])).toMatchObject({ kind: 'many-models' });
  });

  test('passes a damaged description on, for the import to say what is wrong', async () => {
    expect(await sortIncoming([given('mine/manifest.json', '{')])).toMatchObject({
      kind: 'model',
      offer: { form: 'converted', name: 'mine' },
    });
  });
});
