import { describe, expect, test } from 'vitest';
import type { Scores } from '../../tools/lib/evaluate-measure.ts';
import { closeTables, makeReport, openTable, type SongResult, toJson } from '../../tools/lib/evaluate-report.ts';
import { summarise } from '../../tools/lib/evaluate-summary.ts';

/** A song whose vocals have these SDRs, and whose accompaniment has them with their signs changed. */
function scores(mixture: number, model: number, ideal: number): Scores {
  const both = (value: number) => ({ sdr: value, framewiseSdr: 2 * value });
  const target = (sign: number) => ({
    mixture: both(sign * mixture),
    model: both(sign * model),
    idealRatioMask: both(sign * ideal),
  });
  return { vocals: target(1), accompaniment: target(-1) };
}

function song(path: string, set: string, values: Scores): SongResult {
  return { path, set, seconds: 61, sampleRate: 8000, channels: 1, notes: [], ...values };
}

const METHODS = [
  { key: 'mixture', title: 'mixture', about: 'the song', bss: true },
  { key: 'model', title: 'm', about: 'M', bss: true },
  { key: 'idealRatioMask', title: 'ideal', about: 'the limit', bss: false },
];

function report(songs: readonly SongResult[]) {
  const options = {
    seconds: null,
    bss: false,
    separation: {},
    idealRatioMask: { fftSize: 4096, hop: 1024, alpha: 2 },
  } as const;
  return makeReport({
    models: [{ id: 'm', title: 'M' }],
    methods: METHODS,
    data: 'songs',
    options,
    songs,
    failures: [],
  });
}

describe('summarise', () => {
  test('gives mean and median over songs', () => {
    const { songs, mean, median } = summarise([scores(0, 1, 10), scores(3, 5, 20), scores(0, 9, 60)]);
    expect(songs).toBe(3);
    expect(mean.vocals.model).toEqual({ sdr: 5, framewiseSdr: 10 });
    expect(mean.accompaniment.idealRatioMask.sdr).toBe(-30);
    expect(median.vocals.mixture.sdr).toBe(0);
    expect(median.vocals.idealRatioMask.framewiseSdr).toBe(40);
  });

  test('leaves out of every method a song for which one of them has no finite value', () => {
    const perfect = scores(Number.POSITIVE_INFINITY, 50, 60);
    const silent = scores(Number.NaN, Number.NaN, Number.NaN);
    const { songs, mean, counted } = summarise([perfect, scores(1, 5, 20), silent]);
    expect(songs).toBe(3);
    expect(counted.vocals).toEqual({ sdr: 1, framewiseSdr: 1 });
    expect([mean.vocals.mixture.sdr, mean.vocals.model.sdr, mean.vocals.idealRatioMask.sdr]).toEqual([1, 5, 20]);
  });

  test('is not defined where no song counts', () => {
    expect(summarise([scores(Number.NaN, 1, 2)]).mean.vocals.model.sdr).toBeNaN();
  });
});

describe('the tables', () => {
  const songs = [
    song('明星/月亮代表我的心', '明星', scores(-1.234, 5, 10)),
    song('set b/x', 'set b', scores(1, 7, 12)),
    song('set b/y', 'set b', scores(3, 9.006, -0.001)),
  ];

  test('have a row for each song, for the mean of each set, and for mean and median of all', () => {
    const made = report(songs);
    const rows = closeTables(made, openTable(METHODS, songs))
      .split('\n')
      .map((line) => line.trim().split(/\s{2,}/));
    expect(rows).toContainEqual(['mean of 明星, 1 song', '-1.23', '5.00', '10.00', '1.23', '-5.00', '-10.00']);
    expect(rows).toContainEqual(['mean of set b, 2 songs', '2.00', '8.00', '6.00', '-2.00', '-8.00', '-6.00']);
    expect(rows).toContainEqual(['mean of all, 3 songs', '0.92', '7.00', '7.33', '-0.92', '-7.00', '-7.33']);
    expect(rows).toContainEqual(['median of all, 3 songs', '1.00', '7.00', '10.00', '-1.00', '-7.00', '-10.00']);
    expect(rows).toContainEqual(['set b/y', '1:01', '6.00', '18.01', '0.00', '-6.00', '-18.01', '0.00']);
  });

  test('are aligned, wide characters included', () => {
    const table = openTable(METHODS, songs);
    const ends = songs.map((one) => {
      const line = table.row(one.path, one, one.seconds);
      // Each Chinese character takes the space of two.
      return line.replace(/[\u4e00-\u9fff]/g, '##').indexOf('1:01');
    });
    expect(new Set(ends).size).toBe(1);
    expect(table.head.split('\n').at(-1)).toMatch(/^song +length +mixture +m +ideal +mixture +m +ideal$/);
  });

  test('show a dash and ∞ where there is no number, with a word on it', () => {
    const odd = [song('s', 'set', scores(Number.POSITIVE_INFINITY, Number.NaN, 3))];
    const table = openTable(METHODS, odd);
    expect(table.row('s', odd[0], 1)).toMatch(/^s +0:01 +∞ +– +3\.00 +-∞ +– +-3\.00$/);
    expect(closeTables(report(odd), table)).toContain('– and ∞: a stem is silent there');
    expect(closeTables(report(songs), openTable(METHODS, songs))).not.toContain('∞');
  });

  test('are none where no song could be measured', () => {
    expect(closeTables(report([]), openTable(METHODS, []))).toBe('No song could be measured.');
    expect(report([]).all).toBeNull();
  });
});

describe('toJson', () => {
  test('keeps every value, with null for what is not defined and words for infinity', () => {
    const made = report([song('a/x', 'a', scores(Number.POSITIVE_INFINITY, Number.NaN, 3))]);
    const json = JSON.parse(toJson(made));
    expect(json.models).toEqual([{ id: 'm', title: 'M' }]);
    expect(json.options.idealRatioMask).toEqual({ fftSize: 4096, hop: 1024, alpha: 2 });
    expect(json.songs[0].vocals.mixture.sdr).toBe('Infinity');
    expect(json.songs[0].accompaniment.mixture.sdr).toBe('-Infinity');
    expect(json.songs[0].vocals.model.sdr).toBeNull();
    expect(json.songs[0].vocals.idealRatioMask).toEqual({ sdr: 3, framewiseSdr: 6 });
    expect(json.sets.a.counted.vocals.sdr).toBe(0);
    expect(json.all.songs).toBe(1);
  });
});
