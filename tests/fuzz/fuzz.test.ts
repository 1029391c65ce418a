import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixtureFiles } from './corpus.ts';
import { compiledDecoder, decodeOutcome } from './decode-outcome.ts';
import { changed, changes } from './mutations.ts';

/** `npm run fuzz` tries many more, each with a limit of time and memory. */
const FILES = 200;

test('damaged files give a song, or an error with a code', { timeout: 300_000 }, async () => {
  const fixtures = fixtureFiles();
  const decoder = await compiledDecoder();
  const results = new Set<string>();
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      results.add((await decodeOutcome(decoder, changed(fixtures, change))).result);
    }),
    { seed: 21, numRuns: FILES },
  );
  expect(results).toContain('decoded');
  expect(results).toContain('audio.damaged');
  expect(results).toContain('audio.not-audio');
});
