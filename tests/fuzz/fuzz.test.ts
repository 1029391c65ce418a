import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHAPE, SINES, soundFile } from '../containers/videos.ts';
import { fixtureFiles, videoFiles } from './corpus.ts';
import { compiledDecoder, decodeOutcome } from './decode-outcome.ts';
import { changed, changes } from './mutations.ts';
import { videoOutcome } from './video-outcome.ts';

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

test('damaged videos are copied with another sound, or give an error with a code', { timeout: 300_000 }, async () => {
  const fixtures = videoFiles();
  const [m4a, flac] = [await soundFile('m4a', SHAPE, SINES), await soundFile('flac', SHAPE, SINES)];
  const results = new Set<string>();
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      results.add(await videoOutcome(changed(fixtures, change), { m4a, flac }));
    }),
    { seed: 40, numRuns: FILES },
  );
  expect(results).toEqual(new Set(['copied', 'no video', 'export.video-unreadable']));
});
