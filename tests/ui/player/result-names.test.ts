import { expect, test } from 'vitest';
import { I18n } from '../../../src/i18n/i18n.ts';
import type { Quality } from '../../../src/model/manifest.ts';
import { resultNames } from '../../../src/ui/player/result-names.ts';

const made = (id: string, quality?: Quality) =>
  ({
    id: 'any',
    madeWith: { model: { origin: 'built-in', id }, quality },
    complete: true,
  }) as const;

const titles: Readonly<Record<string, string>> = { spleeter: 'Spleeter', paper: 'Deep U-Net' };

test.each([
  { results: [made('spleeter', 'best'), made('spleeter', 'fast')], names: ['Best', 'Fast'] },
  { results: [made('paper'), made('spleeter', 'fast')], names: ['Deep U-Net', 'Spleeter'] },
  {
    results: [made('spleeter', 'best'), made('paper'), made('spleeter', 'fast')],
    names: ['Spleeter, Best', 'Deep U-Net', 'Spleeter, Fast'],
  },
  { results: [made('paper'), made('paper'), made('paper')], names: ['Deep U-Net', 'Deep U-Net 2', 'Deep U-Net 3'] },
])('results are called $names', ({ results, names }) => {
  expect(resultNames(results, ({ id }) => titles[id], new I18n())).toEqual(names);
});
