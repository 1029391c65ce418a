import { describe, expect, test } from 'vitest';
import { markdownTables, NoPlaceError, replaceBlock } from '../../tools/lib/evaluate-markdown.ts';
import type { Scores } from '../../tools/lib/evaluate-measure.ts';
import { makeReport } from '../../tools/lib/evaluate-report.ts';

const scores = (mixture: number, model: number): Scores => {
  const target = (sign: number) => ({
    mixture: { sdr: sign * mixture, bssSdr: mixture, bssIsr: 1, bssSir: 2, bssSar: 3 },
    paper: { sdr: sign * model, bssSdr: model, bssIsr: 4, bssSir: 5, bssSar: Number.NaN },
    ideal: { sdr: sign * 12 },
  });
  return { vocals: target(1), accompaniment: target(-1) };
};

const song = (path: string, set: string, values: Scores) => ({
  path,
  set,
  seconds: 61,
  sampleRate: 8000,
  channels: 1,
  notes: [],
  ...values,
});

function report(bss: boolean) {
  return makeReport({
    models: [{ id: 'paper', title: 'Paper' }],
    methods: [
      { key: 'mixture', title: 'mixture', about: 'the song', bss: true },
      { key: 'paper', title: 'paper', about: 'Paper', bss: true },
      { key: 'ideal', title: 'ideal', about: 'the limit', bss: false },
    ],
    data: '/somewhere/of/mine',
    options: { seconds: null, bss, separation: {}, idealRatioMask: { fftSize: 4096, hop: 1024, alpha: 2 } },
    songs: [song('a/x', 'a', scores(1, 5)), song('b/y', 'b', scores(2, 6)), song('b/z', 'b', scores(4, 9))],
    failures: [],
  });
}

describe('markdownTables', () => {
  test('have a row for each method and a column for each set', () => {
    const lines = markdownTables(report(false), 'npm run evaluate').split('\n');
    expect(lines).toContain('|  | a, 1 song | b, 2 songs | all, 3 songs |');
    expect(lines).toContain('| mixture | 1.00 / -1.00 | 3.00 / -3.00 | 2.33 / -2.33 |');
    expect(lines).toContain('| paper | 5.00 / -5.00 | 7.50 / -7.50 | 6.67 / -6.67 |');
    expect(lines).toContain('- **ideal**: the limit');
    expect(lines).toContain('Made by `npm run evaluate`.');
    expect(lines.join()).not.toContain('BSS');
    expect(lines.join()).not.toContain('/somewhere');
  });

  test('have medians of BSS Eval of the methods that were measured so', () => {
    const lines = markdownTables(report(true), 'x').split('\n');
    expect(lines).toContain('| paper | 6.00 / 6.00 | 4.00 / 4.00 | 5.00 / 5.00 | – / – |');
    expect(lines.filter((line) => line.startsWith('| ideal'))).toHaveLength(1);
  });
});

describe('replaceBlock', () => {
  const block = '<!-- evaluation -->\n\nnew\n\n<!-- /evaluation -->';

  test('replaces what stands between the marks, and nothing else', () => {
    const text = '# T\n\n<!-- evaluation -->\nold\n<!-- /evaluation -->\n\nrest\n';
    const once = replaceBlock(text, 'new\n', 'f');
    expect(once).toBe(`# T\n\n${block}\n\nrest\n`);
    expect(replaceBlock(once, 'new', 'f')).toBe(once);
  });

  test('puts the block at the end of the section “Evaluation” or “How good” where there are no marks', () => {
    expect(replaceBlock('# T\n\n## Evaluation\n\n- a\n\n## Limits\n', 'new', 'f')).toBe(
      `# T\n\n## Evaluation\n\n- a\n\n${block}\n\n## Limits\n`,
    );
    expect(replaceBlock('## How good\n', 'new', 'f')).toBe(`## How good\n\n${block}\n`);
  });

  test('says that there is no place', () => {
    expect(() => replaceBlock('# T\n', 'new', 'f.md')).toThrow(NoPlaceError);
    expect(() => replaceBlock('## Evaluation\n<!-- evaluation -->\n', 'new', 'f.md')).toThrow(/f\.md has no place/);
  });
});
