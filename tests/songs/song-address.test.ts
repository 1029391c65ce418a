import { describe, expect, test } from 'vitest';
import { isAddressed, parseSongAddress, songAddress } from '../../src/songs/song-address.ts';

const ID = '1f3a9c2e-7b10-4c55-9d1e-0123456789ab';

describe('the address of a song', () => {
  test.each([
    ['Sing It to the Sea', '#/song/1f3a9c2e/Sing-It-to-the-Sea'],
    ['AC/DC – T.N.T. (live?) #1', '#/song/1f3a9c2e/AC-DC-T-N-T-live-1'],
    ['王菲 – 红豆', '#/song/1f3a9c2e/王菲-红豆'],
    ['…', '#/song/1f3a9c2e'],
    ['a'.repeat(500), `#/song/1f3a9c2e/${'a'.repeat(60)}`],
  ])('of “%s” is readable and names it', (name, address) => {
    expect(songAddress({ id: ID, name })).toBe(address);
    // As browsers write it.
    const written = new URL(address, 'https://example.org/').hash;
    for (const hash of [address, written]) {
      expect(parseSongAddress(hash)).toEqual({ kind: 'song', id: '1f3a9c2e' });
      expect(isAddressed(ID, parseSongAddress(hash))).toBe(true);
      expect(isAddressed('1f3a9c2f-7b10-4c55-9d1e-0123456789ab', parseSongAddress(hash))).toBe(false);
    }
  });

  test('is told from the start and from other views', () => {
    for (const hash of ['', '#', '#/']) expect(parseSongAddress(hash)).toEqual({ kind: 'start' });
    for (const hash of ['#/learn', '#/learn/mask', '#/songs/1']) expect(parseSongAddress(hash).kind).toBe('other');
    expect(parseSongAddress('#/song/').kind).toBe('other');
  });
});
