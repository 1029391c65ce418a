import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fileKey } from '../../src/songs/file-key.ts';

const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => (n * n) % 251);

describe('the key of a file', () => {
  test('is the SHA-256 of its bytes, as Node computes it', async () => {
    const content = bytes(10_000);
    expect(await fileKey(new Blob([content]))).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test('of a large file depends on its length and on pieces from all of it', async () => {
    const content = bytes(100_000);
    const key = (changed: Uint8Array<ArrayBuffer>) => fileKey(new Blob([changed]), 1000);
    const whole = await key(content);
    expect(whole).toMatch(/^[0-9a-f]{64}$/);
    expect(await key(content.slice())).toBe(whole);
    expect(await key(content.slice(0, -1))).not.toBe(whole);
    for (const at of [0, 50_000, 99_999]) {
      const changed = content.slice();
      changed[at] ^= 1;
      expect(await key(changed)).not.toBe(whole);
    }
  });

  test('is undefined if the file cannot be read', async () => {
    const gone = new Blob(['x']);
    gone.arrayBuffer = () => Promise.reject(new DOMException('Gone.', 'NotFoundError'));
    expect(await fileKey(gone)).toBeUndefined();
  });
});
