import { expect, test } from 'vitest';
import { AppBadge } from '../../../src/ui/shell/app-badge.ts';

test('the badge counts the songs that were separated out of sight, and goes when the page is seen', () => {
  const calls: string[] = [];
  let hidden = false;
  const badge = new AppBadge(
    {
      setAppBadge: async (count) => void calls.push(`set ${count}`),
      clearAppBadge: async () => void calls.push('clear'),
    },
    () => hidden,
  );
  badge.separated();
  badge.look();
  expect(calls).toEqual([]);
  hidden = true;
  badge.separated();
  badge.separated();
  badge.look();
  expect(calls).toEqual(['set 1', 'set 2']);
  hidden = false;
  badge.look();
  badge.look();
  expect(calls).toEqual(['set 1', 'set 2', 'clear']);
});

test('a browser without badges, or that forbids them, is left alone', async () => {
  new AppBadge({}, () => true).separated();
  const refused = new AppBadge({ setAppBadge: () => Promise.reject(new Error('Forbidden.')) }, () => true);
  refused.separated();
  refused.look();
  await Promise.resolve();
});
