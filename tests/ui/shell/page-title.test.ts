import { expect, test } from 'vitest';
import { I18n } from '../../../src/i18n/i18n.ts';
import { pageTitle } from '../../../src/ui/shell/page-title.ts';

const i18n = new I18n();
const title = (facts: Partial<Parameters<typeof pageTitle>[0]>) =>
  pageTitle({ learning: false, song: undefined, progress: undefined, ...facts }, i18n.t.bind(i18n));

test('the title of the window says how far the song is, and its name', () => {
  const separating = { kind: 'separating', doneSeconds: 30.9, totalSeconds: 61, speed: 5 } as const;
  expect(title({})).toBe('Unsung: take the singing out of a song');
  expect(title({ song: 'Morning' })).toBe('Morning · Unsung');
  expect(title({ song: 'Morning', progress: separating })).toBe('50 % · Morning · Unsung');
  expect(title({ song: 'Morning', progress: { ...separating, totalSeconds: 0 } })).toBe('Morning · Unsung');
  expect(title({ song: 'Morning', progress: { kind: 'done', elapsedSeconds: 9, speed: 5 } })).toBe(
    '✓ Morning · Unsung',
  );
  expect(title({ song: 'Morning', progress: { kind: 'probing', backend: 'wasm' } })).toBe('Morning · Unsung');
  expect(title({ learning: true, song: 'Morning', progress: separating })).toBe('50 % · How it works · Unsung');
});
