import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const DOCUMENTS = [
  'README.md',
  'training/README.md',
  'training/demo-song/README.md',
  'public/demo/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** All matches of a pattern's first group. */
function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, match]) => match);
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  test('each relative link leads to a file', () => {
    const links = found(text, /\]\((?!https?:|#)([^)#\s]+)/g);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  test('each path of the repository exists', () => {
    // training/runs is where a training run writes.
    const paths = found(text, /(?<![\w/.-])((?:src|tests|tools|bench|training(?!\/runs))\/[\w./-]*\w)/g);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('each npm script exists', () => {
    const scripts = found(text, /npm run ([\w:-]+)/g);
    expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
  });
});
