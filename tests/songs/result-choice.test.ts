import { describe, expect, test } from 'vitest';
import { ResultChoice } from '../../src/songs/result-choice.ts';
import type { SongResult } from '../../src/songs/song-results.ts';
import type { SongStorage } from '../../src/songs/storage/song-storage.ts';

const MODEL = { origin: 'built-in', id: 'spleeter' } as const;

const result = (id: string, complete = true): SongResult => ({
  id,
  madeWith: { model: MODEL, quality: 'best' },
  complete,
});

/** A choice among these, the first one being open, and what it asked for. */
function choiceOf(...ids: readonly string[]) {
  const asked: string[] = [];
  const storages = new Map(ids.map((id) => [id, { id } as unknown as SongStorage]));
  let hold = async (id: string) => storages.get(id);
  let opens = true;
  const choice: ResultChoice = new ResultChoice({
    listen: async (id) => {
      asked.push(`listen ${id}`);
      if (opens) choice.update(choice.results, id);
      return opens;
    },
    hold: (id) => hold(id),
    hear: (minus) => asked.push(minus ? `minus ${(minus as unknown as { id: string }).id}` : 'alone'),
    failed: (error) => asked.push(`failed: ${(error as Error).message}`),
  });
  choice.update(
    ids.map((id) => result(id)),
    ids[0],
  );
  const holdBy = (next: typeof hold) => {
    hold = next;
  };
  const damage = () => {
    opens = false;
  };
  return { choice, asked, holdBy, damage };
}

describe('the choice among the results of a song', () => {
  test('toggles between the open one and the one that was heard before it', () => {
    const { choice, asked } = choiceOf('a', 'b', 'c');
    choice.choose('c');
    choice.toggle();
    choice.toggle();
    choice.toggle();
    expect(asked).toEqual(['listen c', 'listen a', 'listen c', 'listen a']);
    expect(choice.other?.id).toBe('c');
  });

  test('says once more what is heard where another one cannot be opened', async () => {
    const { choice, damage } = choiceOf('a', 'b');
    damage();
    let changes = 0;
    choice.on('change', () => changes++);
    choice.choose('b');
    await expect.poll(() => changes).toBe(1);
    expect(choice.shown?.id).toBe('a');
  });

  test('of one result asks for nothing', async () => {
    const { choice, asked } = choiceOf('a');
    choice.toggle();
    await choice.hearDifference();
    expect(asked).toEqual([]);
  });

  test('subtracts the other one, and leaves the difference for the open one, also by the key', async () => {
    const { choice, asked } = choiceOf('a', 'b');
    await choice.hearDifference();
    expect(choice.minus?.id).toBe('b');
    choice.choose('a');
    expect(choice.minus).toBeUndefined();
    await choice.hearDifference();
    choice.toggle();
    expect(asked).toEqual(['minus b', 'alone', 'minus b', 'alone']);
    expect(choice.shown?.id).toBe('a');
  });

  test('that becomes another one is heard alone', async () => {
    const { choice, asked } = choiceOf('a', 'b');
    await choice.hearDifference();
    choice.choose('b');
    expect(choice.minus).toBeUndefined();
    expect(asked).toEqual(['minus b', 'listen b']);
  });

  test('ends the difference when the other one is removed', async () => {
    const { choice, asked } = choiceOf('a', 'b');
    await choice.hearDifference();
    choice.update([result('a')], 'a');
    expect(asked).toEqual(['minus b', 'alone']);
    expect(choice.other).toBeUndefined();
  });

  test('offers no difference to one that is not separated whole', async () => {
    const { choice, asked } = choiceOf('a', 'b');
    choice.update([result('a'), result('b', false)], 'a');
    expect(choice.comparable).toBe(false);
    await choice.hearDifference();
    expect(asked).toEqual([]);
  });

  test('drops a difference that was not wanted any longer when it was loaded', async () => {
    const { choice, asked, holdBy } = choiceOf('a', 'b');
    let loaded: (storage: SongStorage) => void = () => undefined;
    holdBy(
      () =>
        new Promise((resolve) => {
          loaded = resolve;
        }),
    );
    const wish = choice.hearDifference();
    choice.choose('b');
    loaded({} as SongStorage);
    await wish;
    expect(asked).toEqual(['listen b']);
    expect(choice.minus).toBeUndefined();
  });

  test('reports that the other one cannot be loaded, and stays as it is', async () => {
    const { choice, asked, holdBy } = choiceOf('a', 'b');
    holdBy(async () => {
      throw new Error('gone');
    });
    let changes = 0;
    choice.on('change', () => changes++);
    await choice.hearDifference();
    expect(asked).toEqual(['failed: gone']);
    expect(changes).toBe(1);
    expect(choice.minus).toBeUndefined();
  });
});
