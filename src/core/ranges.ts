/** The whole numbers from `start` up to, but not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A set of whole numbers, stored as sorted ranges that do not touch.
 *
 * @example
 * const done = new Ranges();
 * done.add(0, 100);
 * done.add(300, 400);
 * done.gapAt(0, 1000); // { start: 100, end: 300 }
 */
export class Ranges {
  #list: readonly Range[] = [];

  constructor(ranges: readonly Range[] = []) {
    for (const { start, end } of ranges) this.add(start, end);
  }

  /** The ranges, in order; none touches another. */
  get list(): readonly Range[] {
    return this.#list;
  }

  /** Number of elements. */
  get size(): number {
    return this.#list.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Adds [start, end). */
  add(start: number, end: number): void {
    if (end <= start) return;
    const near = this.#list.filter((range) => range.end >= start && range.start <= end);
    const joined = {
      start: Math.min(start, ...near.map((range) => range.start)),
      end: Math.max(end, ...near.map((range) => range.end)),
    };
    const before = this.#list.filter((range) => range.end < start);
    const after = this.#list.filter((range) => range.start > end);
    this.#list = [...before, joined, ...after];
  }

  /** Whether the set contains all of [start, end). */
  has(start: number, end: number): boolean {
    return end <= start || this.reach(start) >= end;
  }

  /** The first number from `at` on that is not in the set. */
  reach(at: number): number {
    const range = this.#list.find(({ start, end }) => start <= at && at < end);
    return range ? range.end : at;
  }

  /** The first range within [at, end) that is not in the set; undefined: all of it is. */
  gapAt(at: number, end: number): Range | undefined {
    const start = this.reach(at);
    if (start >= end) return undefined;
    const next = this.#list.find((range) => range.start > start);
    return { start, end: Math.min(end, next?.start ?? end) };
  }

  /** All ranges within [0, end) that are not in the set. */
  gaps(end: number): readonly Range[] {
    const gaps: Range[] = [];
    for (let gap = this.gapAt(0, end); gap; gap = this.gapAt(gap.end, end)) gaps.push(gap);
    return gaps;
  }
}
