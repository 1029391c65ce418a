import { describe, expect, test } from 'vitest';
import { type AccessHandle, openAlone, readAll, resize, writeAll } from '../../src/core/access-handle.ts';
import { memoryFile } from '../songs/storage/memory-file.ts';

const full = expect.objectContaining({ name: 'QuotaExceededError' });

/** A file on a full disk in a private window of Chromium, as it was seen to answer. */
const fullInPrivate: AccessHandle = { ...memoryFile(0), write: () => 4_294_967_288, truncate: () => undefined };

describe('writeAll', () => {
  test('writes everything, however little the file takes at a time', () => {
    const file = memoryFile(5000, 700);
    const bytes = Uint8Array.from({ length: 3000 }, (_, n) => n % 251);
    writeAll(file, bytes, 1000);
    const back = new Uint8Array(4000);
    readAll(file, back, 1000);
    expect(back.subarray(0, 3000)).toEqual(bytes);
    expect(back.subarray(3000).every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['takes nothing more', memoryFile(1500)],
    ['says that it took more than it was given', fullInPrivate],
  ])('says that the disk is full where the file %s', (_, file) => {
    expect(() => writeAll(file, new Uint8Array(2000), 0)).toThrow(full);
  });
});

describe('resize', () => {
  test('gives the file its length', () => {
    const file = memoryFile(5000);
    resize(file, 4000);
    expect(file.getSize()).toBe(4000);
  });

  test.each([
    ['throws', memoryFile(1000)],
    ['stays as it is', fullInPrivate],
  ])('says that the disk is full where the file %s', (_, file) => {
    expect(() => resize(file, 4000)).toThrow(full);
  });
});

describe('openAlone', () => {
  const taken = new DOMException('Another has it open.', 'NoModificationAllowedError');

  test('waits for a worker that has crashed to let go of the file', async () => {
    const file = memoryFile(1);
    let tries = 0;
    const open = () => (++tries < 3 ? Promise.reject(taken) : Promise.resolve(file));
    expect(await openAlone(open)).toBe(file);
    expect(tries).toBe(3);
  });

  test('gives up where the file stays open elsewhere, and at once where something else is wrong', async () => {
    await expect(openAlone(() => Promise.reject(taken))).rejects.toBe(taken);
    const gone = new DOMException('It is gone.', 'NotFoundError');
    let tries = 0;
    const open = () => {
      tries++;
      return Promise.reject(gone);
    };
    await expect(openAlone(open)).rejects.toBe(gone);
    expect(tries).toBe(1);
  });
});
