import { describe, expect, test, vi } from 'vitest';
import { storageEstimate } from '../../src/core/storage-estimate.ts';

describe('storageEstimate', () => {
  test('passes on what the browser says', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 1000, usage: 400 }) } });
    expect(await storageEstimate()).toEqual({ quota: 1000, usage: 400 });
  });

  test.each([
    ['no storage, as in WebKitGTK', {}],
    ['no estimate, as in Safari 16', { storage: { getDirectory: async () => undefined } }],
    ['a refusal', { storage: { estimate: () => Promise.reject(new DOMException('No.', 'SecurityError')) } }],
  ])('is empty where there is %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    expect(await storageEstimate()).toEqual({});
  });
});
