import { median } from '../../src/metrics/median.ts';
import { MEASURES, type Measure, type Measures, type Scores, type Target } from './evaluate-measure.ts';

/** Mean and median over some songs. */
export interface Summary {
  readonly songs: number;
  /** NaN where no song has a value. */
  readonly mean: Scores;
  readonly median: Scores;
  /**
   * Number of songs behind the values of a target and measure. Only songs with a finite value for every method count,
   * so that the methods are compared on the same songs. A song without singing has no SDR of vocals.
   */
  readonly counted: Readonly<Record<Target, Measures>>;
}

/** @param songs at least one, all measured by the same methods */
export function summarise(songs: readonly Scores[]): Summary {
  const values = (target: Target, method: string, measure: Measure): number[] =>
    comparable(songs, target, measure)
      .map((song) => song[target][method][measure])
      .filter((value) => value !== undefined);
  const scores = (average: (values: readonly number[]) => number): Scores => {
    const row = (target: Target) =>
      Object.fromEntries(
        Object.keys(songs[0][target]).map((method) => [
          method,
          eachMeasure(merged(songs.map((song) => song[target][method])), (measure) =>
            average(values(target, method, measure)),
          ),
        ]),
      );
    return { vocals: row('vocals'), accompaniment: row('accompaniment') };
  };
  const counted = (target: Target) =>
    eachMeasure(merged(Object.values(songs[0][target])), (measure) => comparable(songs, target, measure).length);
  return {
    songs: songs.length,
    mean: scores(mean),
    median: scores(median),
    counted: { vocals: counted('vocals'), accompaniment: counted('accompaniment') },
  };
}

/** Songs for which each method that has the measure has a finite value. */
function comparable(songs: readonly Scores[], target: Target, measure: Measure): readonly Scores[] {
  return songs.filter((song) =>
    Object.values(song[target]).every((measures) => {
      const value = measures[measure];
      return value === undefined || Number.isFinite(value);
    }),
  );
}

/** All measures that any of the songs has. */
function merged(scores: readonly Measures[]): Measures {
  return Object.assign({}, ...scores) as Measures;
}

function eachMeasure(like: Measures, value: (measure: Measure) => number): Measures {
  const measures = MEASURES.filter((measure) => like[measure] !== undefined);
  return Object.fromEntries(measures.map((measure) => [measure, value(measure)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
