import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { formatFixtures, greatestDifference, surroundFixtures, surroundLevels } from '../../fixtures/formats/index.ts';

const decode = async (file: string): ReturnType<typeof decodeInNode> =>
  decodeInNode(await readFile(new URL(`../../fixtures/formats/${file}`, import.meta.url)), file);

describe('each row of docs/formats.md', () => {
  test.each(formatFixtures)('$container with $name: $file is decoded as FFmpeg does', async (fixture) => {
    const { sampleRate, channels, track } = await decode(fixture.file);
    expect([track.codec, sampleRate, channels.length]).toEqual([fixture.codec, fixture.sampleRate, fixture.channels]);
    expect(channels.map(({ length }) => length)).toEqual(channels.map(() => fixture.length));
    expect(greatestDifference(channels, fixture)).toBeLessThanOrEqual(fixture.tolerance);
  });

  test('has a file, and each file has a row', async () => {
    const document = await readFile(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
    const rows = [...document.matchAll(/^\| ([^|]+?) \| ([^|]+?) \| yes \| yes \|$/gm)].map(
      ([, container, name]) => `${container}: ${name}`,
    );
    expect(new Set(rows)).toEqual(new Set(formatFixtures.map(({ container, name }) => `${container}: ${name}`)));
  });
});

// 400 Hz in left, 800 right, 1200 centre, 100 LFE, 1600 and 2000 in the surrounds, each at 0.2.
test.each(surroundFixtures)(
  '$file: centre and surrounds of 5.1 are mixed in at 0.7071, LFE is left out',
  async ({ file, tolerance }) => {
    const { sampleRate, channels } = await decode(file);
    const half = Math.SQRT1_2;
    const wanted = [
      [1, 0, half, 0, half, 0],
      [0, 1, half, 0, 0, half],
    ];
    for (const [side, levels] of surroundLevels(channels, sampleRate).entries()) {
      for (const [n, level] of levels.entries()) expect(Math.abs(level - wanted[side][n])).toBeLessThan(tolerance);
    }
  },
);
