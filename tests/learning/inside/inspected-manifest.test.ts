import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inspectedManifest } from '../../../src/learning/inside/inspected-manifest.ts';
import { parseManifest } from '../../../src/model/manifest.ts';

const read = (id: string) => parseManifest(JSON.parse(readFileSync(`models/${id}/manifest.json`, 'utf8')), id);

test('of Spleeter the vocals’ network is looked into, as it is at the fast quality, on fewer frames', () => {
  const whole = read('spleeter');
  const manifest = inspectedManifest(whole);
  expect(Object.keys(manifest.networks)).toEqual(['vocals']);
  expect(manifest).toMatchObject({
    patch: { bins: whole.qualities?.fast.bins, frames: 256 },
    combine: { kind: 'single' },
    highBand: whole.qualities?.fast.highBand ?? whole.highBand,
  });
  // What a separation with it asks for is within its band.
  expect(parseManifest(manifest, 'spleeter').patch).toEqual(manifest.patch);
});

test('the paper’s network is looked into as it is', () => {
  const { patch, networks } = read('paper');
  expect(inspectedManifest(read('paper'))).toMatchObject({ patch, networks });
});
