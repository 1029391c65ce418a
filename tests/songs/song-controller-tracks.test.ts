import { describe, expect, test } from 'vitest';
import { newEntry } from '../../src/songs/song-entry.ts';
import { songsState } from '../../src/songs/songs-state.ts';
import { MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';
import { FakePage, gate, tracksOf } from './fake-page.ts';
import { soundOf } from './fake-separator.ts';

const choiceOf = ({ songs }: FakePage) => {
  const { open } = songs.state;
  return open && { titles: open.tracks.map(({ title }) => title).join(''), track: open.track };
};

/** The tracks of the songs of the list: undefined is the file's default. */
const tracks = ({ songs }: FakePage) =>
  songs.state.rows.map(({ song }) => (song.kind === 'damaged' ? '?' : song.track));

describe('the audio tracks of a song', () => {
  test('can be chosen where there are several; the default one is decoded first', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('ABC');
    await page.until('ABC*:kept');
    expect(page.decoded).toEqual(['C']);
    expect(choiceOf(page)).toEqual({ titles: 'ABC', track: 2 });
    await page.add('D');
    await page.until('ABC:kept D*:kept');
    expect(choiceOf(page)).toEqual({ titles: '', track: undefined });
  });

  test('cannot be chosen while the song’s file is not there', () => {
    const storage = new MemorySongStorage(soundOf('A'), undefined, { tracks: tracksOf('AB') });
    const model = { origin: 'built-in', id: 'paper' } as const;
    const { id, file, pending, ...named } = newEntry('a', { fileName: 'AB.mp3', file: new Blob(['AB']) });
    const shape = { sampleRate: 100, channels: 1, samples: 300 };
    const facts = { ...named, id, madeWith: { model, quality: undefined }, shape, tracks: storage.tracks };
    const open = (loaded: boolean) =>
      songsState({
        songs: new Map([
          [
            'a',
            {
              ...facts,
              kind: 'done',
              archive: { kind: 'kept', bytes: 1 },
              loaded: loaded ? { storage, file } : undefined,
            },
          ],
        ]),
        queue: { ids: ['a'], active: undefined, busy: false },
        open: { id: 'a', storage, model },
        focus: 'a',
        space: undefined,
      }).open;
    expect(open(true)?.tracks).toHaveLength(2);
    expect(open(false)?.tracks).toEqual([]);
  });
});

describe('another audio track', () => {
  test('is another entry, which opens when it is decoded; the first one is kept', async () => {
    const page = new FakePage();
    page.separator.allow(3);
    await page.add('AB');
    await page.until('AB*:kept');
    const before = page.songs.state.open;
    const decoding = gate();
    page.decodeGate = decoding.ended;
    await page.songs.chooseTrack(0);
    await page.until('AB*:kept AB:decoding');
    expect(page.songs.state.open?.storage).toBe(before?.storage);
    // What is on its way is shown as chosen.
    expect(choiceOf(page)).toEqual({ titles: 'AB', track: 0 });
    decoding.open();
    // Another track sounds differently: it is opened before its first piece.
    await page.until('AB:kept AB*:separating 0');
    expect(choiceOf(page)).toEqual({ titles: 'AB', track: 0 });
    // The same song: a view goes on where it is.
    expect(page.songs.state.open?.song.sourceId).toBe(before?.song.sourceId);
    page.separator.allow();
    await page.until('AB:kept AB*:kept');
    expect(page.decoded).toEqual(['B', 'A']);
    expect(page.separator.made).toEqual(['B0', 'B1', 'B2', 'A0', 'A1', 'A2']);
    expect(tracks(page)).toEqual([undefined, 0]);
    expect(page.notices).toEqual([]);
  });

  test('that is separated already is opened as it is, and so is the default one', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('AB');
    await page.until('AB*:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:kept');
    await page.songs.chooseTrack(1);
    await page.until('AB*:kept AB:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:kept');
    expect(page.decoded).toEqual(['B', 'A']);
    expect((await page.songs.state.open?.storage.read(0, 1))?.original[0][0]).toBeCloseTo(0.065, 6);
  });

  test('ends the separation of the first one; chosen again, that goes on', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('AB');
    await page.until('AB*:separating 33');
    await page.songs.chooseTrack(0);
    await page.until('AB:cancelled AB*:separating 0');
    await page.songs.chooseTrack(1);
    await page.until('AB*:separating 0 AB:cancelled');
    page.separator.allow();
    await page.until('AB*:kept AB:cancelled');
    expect(choiceOf(page)).toEqual({ titles: 'AB', track: 1 });
  });

  test('that is given up before it is decoded lets the first one go on where it was', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('AB');
    await page.until('AB*:separating 33');
    page.decodeGate = gate().ended;
    await page.songs.chooseTrack(0);
    await page.until('AB*:cancelled AB:decoding');
    await page.songs.chooseTrack(1);
    page.separator.allow();
    await page.until('AB*:kept');
    expect(page.separator.made).toEqual(['B0', 'B1', 'B2']);
  });

  test('that is passed over before it is decoded leaves nothing', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('ABC');
    await page.until('ABC*:kept');
    const decoding = gate();
    page.decodeGate = decoding.ended;
    await page.songs.chooseTrack(1);
    await page.songs.chooseTrack(0);
    await page.until('ABC*:kept ABC:decoding');
    expect(choiceOf(page)).toEqual({ titles: 'ABC', track: 0 });
    await page.songs.chooseTrack(2);
    await page.until('ABC*:kept');
    expect(choiceOf(page)).toEqual({ titles: 'ABC', track: 2 });
    decoding.open();
    // Only the last of two choices at once counts.
    await Promise.all([page.songs.chooseTrack(1), page.songs.chooseTrack(0)]);
    await page.until('ABC:kept ABC*:kept');
    expect(tracks(page)).toEqual([undefined, 0]);
    await expect.poll(() => page.pending()).toEqual([]);
  });

  test('that cannot be decoded leaves the first one open, and chosen', async () => {
    const page = new FakePage();
    page.separator.allow();
    page.unreadable.add('A');
    await page.add('AB');
    await page.until('AB*:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB*:kept AB:failed');
    expect(choiceOf(page)).toEqual({ titles: 'AB', track: 1 });
    expect(page.notices).toMatchObject([{ kind: 'failed', otherOpen: true }]);
  });

  test('that the song does not have, or that is chosen already, changes nothing', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.songs.chooseTrack(0);
    await page.add('AB');
    await page.until('AB*:kept');
    for (const index of [1, 2, -1, Number.NaN]) await page.songs.chooseTrack(index);
    expect(page.states).toBe('AB*:kept');
    expect(page.decoded).toEqual(['B']);
  });

  test('stays chosen where the song is separated again with another model', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('AB');
    await page.until('AB*:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:kept');
    page.separator.model = { origin: 'kept', id: 'other' };
    await page.songs.again();
    await page.until('AB:kept AB:kept AB*:kept');
    expect(tracks(page)).toEqual([undefined, 0, 0]);
    expect(choiceOf(page)).toEqual({ titles: 'AB', track: 0 });
    expect(page.decoded).toEqual(['B', 'A']);
    // Made with this model, the default track is another song.
    await page.songs.chooseTrack(1);
    await page.until('AB:kept AB:kept AB:kept AB*:kept');
    expect(page.decoded).toEqual(['B', 'A', 'B']);
  });

  test('is not the same song as the file dropped again, which has the default track', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('AB');
    await page.until('AB*:kept');
    const first = page.id('AB');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:kept');
    await page.add('AB');
    await page.until('AB*:kept AB:kept');
    expect(page.notices).toEqual([{ kind: 'there', name: 'AB', kept: true }]);
    await page.songs.remove(first);
    await page.add('AB');
    await page.until('AB:kept AB*:kept');
    expect(page.decoded).toEqual(['B', 'A', 'B']);
  });
});

describe('over a reload', () => {
  test('archived songs know their tracks, and the chosen one', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('AB');
    await page.until('AB*:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:kept');
    page.close();
    const later = new FakePage(page.browser);
    await later.until('AB:kept AB:kept');
    await later.songs.listen(later.songs.state.rows[tracks(later).indexOf(0)].song.id);
    expect(choiceOf(later)).toEqual({ titles: 'AB', track: 0 });
    await later.songs.chooseTrack(1);
    expect(choiceOf(later)).toEqual({ titles: 'AB', track: 1 });
    expect((await later.songs.state.open?.storage.read(0, 1))?.original[0][0]).toBeCloseTo(0.066, 6);
    expect(later.decoded).toEqual([]);
  });

  test('a song that waits is decoded from the chosen track', async () => {
    const page = new FakePage();
    page.separator.allow(3);
    await page.add('AB');
    await page.until('AB*:kept');
    await page.songs.chooseTrack(0);
    await page.until('AB:kept AB*:separating 0');
    await expect.poll(() => page.pending()).toEqual(['AB.mp3']);
    page.close();
    const later = new FakePage(page.browser);
    later.separator.allow();
    await later.until('AB:kept AB:kept');
    expect(later.decoded).toEqual(['A']);
    expect(tracks(later)).toEqual([undefined, 0]);
  });
});
