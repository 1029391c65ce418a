import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseStems, findSongs, SongFolderError } from '../../tools/lib/evaluate-songs.ts';

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'unsung-songs-'));
});

afterEach(async () => {
  await rm(data, { recursive: true });
});

async function touch(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(data, path)), { recursive: true });
    await writeFile(join(data, path), '');
  }
}

const names = async () => (await findSongs(data)).map(({ path, set }) => [path, set]);

describe('findSongs', () => {
  test('finds songs at any depth, in the order of their paths, with their parent folder as set', async () => {
    await touch('b/song 10/vocals.flac', 'b/song 9/vocals.mp3', 'a/deep/er/x/accompaniment.opus', 'z/vocals.wav');
    expect(await names()).toEqual([
      ['a/deep/er/x', 'er'],
      ['b/song 9', 'b'],
      ['b/song 10', 'b'],
      ['z', data.split('/').at(-1)],
    ]);
  });

  test('takes the folder itself for a song where it holds stems', async () => {
    await touch('x/vocals.wav', 'x/accompaniment.wav');
    const songs = await findSongs(join(data, 'x'));
    expect(songs.map(({ path, set }) => [path, set])).toEqual([['x', data.split('/').at(-1)]]);
  });

  test('tells sets of one name apart by their paths', async () => {
    await touch('one/test/x/vocals.wav', 'two/test/x/vocals.wav', 'two/train/x/vocals.wav');
    const root = data.split('/').at(-1);
    expect((await names()).map(([, set]) => set)).toEqual([`${root}/one/test`, `${root}/two/test`, 'train']);
  });

  test('knows stems by their names in any case, and overlooks other and hidden files and folders', async () => {
    await touch('x/Vocals.WAV', 'x/accompaniment.m4a', 'x/vocals.txt', 'x/._vocals.wav', 'x/vocals 2.wav');
    await touch('.hidden/x/vocals.wav', 'y/lyrics.txt', 'y/vocals');
    const songs = await findSongs(data);
    expect(songs.map((song) => song.files)).toEqual([{ vocals: ['Vocals.WAV'], accompaniment: ['accompaniment.m4a'] }]);
  });

  test('follows links, each folder once, and survives those that lead nowhere', async () => {
    await touch('real/x/vocals.wav');
    await symlink(join(data, 'real'), join(data, 'a link'));
    await symlink(data, join(data, 'real', 'round'));
    await symlink(join(data, 'nothing'), join(data, 'real', 'gone'));
    expect(await names()).toEqual([['a link/x', 'a link']]);
  });

  test.each([
    ['nothing', () => join(data, 'nothing'), /There is no folder/],
    ['a file', () => join(data, 'file'), /“.*file” is a file\./],
    ['a folder without songs', () => data, /There are no songs in “.*”\./],
  ])('refuses %s in a sentence', async (_, path, message) => {
    await touch('file', 'x/lyrics.txt');
    const error = await findSongs(path()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SongFolderError);
    expect((error as SongFolderError).message).toMatch(message);
  });

  test('says which layout is expected where there is no song', async () => {
    const error = (await findSongs(data).catch((thrown: unknown) => thrown)) as SongFolderError;
    expect(error.hint).toMatch(/vocals\.\* and accompaniment\.\*.*vocals\.\*, drums\.\*, bass\.\* and other\.\*/);
  });
});

describe('chooseStems', () => {
  const choose = (files: Parameters<typeof chooseStems>[0]['files']) =>
    chooseStems({ path: 'x', set: 'set', folder: 'set/x', files });

  test('takes the accompaniment, or the three stems that make it up', () => {
    const [vocals, drums, bass, other] = [['vocals.wav'], ['drums.wav'], ['bass.mp3'], ['other.ogg']];
    const parts = { vocals, drums, bass, other };
    expect(choose({ ...parts, mixture: ['mixture.wav'] })).toEqual({
      vocals: join('set/x', 'vocals.wav'),
      accompaniment: [join('set/x', 'drums.wav'), join('set/x', 'bass.mp3'), join('set/x', 'other.ogg')],
      mixture: join('set/x', 'mixture.wav'),
    });
    expect(choose({ ...parts, accompaniment: ['accompaniment.wav'] }).accompaniment).toEqual([
      join('set/x', 'accompaniment.wav'),
    ]);
  });

  test.each([
    ['vocals', { accompaniment: ['a.wav'] }, 'There is accompaniment, but no vocals.'],
    ['accompaniment', { vocals: ['v.wav'] }, 'There is vocals, but no accompaniment.'],
    ['either', { mixture: ['m.wav'] }, 'There is mixture, but no vocals and no accompaniment.'],
    [
      'one of four stems',
      { vocals: ['v.wav'], drums: ['d.wav'], other: ['o.wav'] },
      'There is vocals, drums, other, but no bass.',
    ],
  ])('misses %s', (_, files, message) => {
    expect(() => choose(files)).toThrow(message);
  });

  test('refuses to choose between two files of one stem', () => {
    expect(() => choose({ vocals: ['vocals.flac', 'vocals.wav'], accompaniment: ['accompaniment.wav'] })).toThrow(
      'several files of one stem: vocals.flac, vocals.wav',
    );
  });
});
