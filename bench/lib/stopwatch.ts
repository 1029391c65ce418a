import type { Duration } from './results.ts';

/** Milliseconds since some moment. */
export interface Clocks {
  readonly wall: () => number;
  /** Of all processors together, where they can be had. */
  readonly cpu?: () => number;
}

/** Adds up the time of many calls. */
export class Stopwatch {
  readonly #clocks: Clocks;
  #wall = 0;
  #cpu = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  get total(): Duration {
    return { wallMs: this.#wall, cpuMs: this.#clocks.cpu && this.#cpu };
  }

  /** Starts a call; to be called with what it returns at its end. */
  start(): () => void {
    const { wall, cpu } = this.#clocks;
    const wallAt = wall();
    const cpuAt = cpu?.() ?? 0;
    return () => {
      this.#cpu += (cpu?.() ?? 0) - cpuAt;
      this.#wall += wall() - wallAt;
    };
  }

  /** Times every call of a method of a class, until the function that is returned is called. */
  watch<T extends object, K extends keyof T & string>(prototype: T, name: K): () => void {
    const original = prototype[name] as (...args: unknown[]) => unknown;
    const start = () => this.start();
    const timed = function (this: T, ...args: unknown[]): unknown {
      const stop = start();
      let result: unknown;
      try {
        result = original.apply(this, args);
      } catch (error) {
        stop();
        throw error;
      }
      if (result instanceof Promise) return result.finally(stop);
      stop();
      return result;
    };
    Object.defineProperty(prototype, name, { value: timed, configurable: true, writable: true });
    return () => Object.defineProperty(prototype, name, { value: original, configurable: true, writable: true });
  }
}

/** `a` without `b`. */
export function minus(a: Duration, ...others: readonly Duration[]): Duration {
  const wallMs = others.reduce((rest, other) => rest - other.wallMs, a.wallMs);
  const cpuMs = a.cpuMs === undefined ? undefined : others.reduce((rest, other) => rest - (other.cpuMs ?? 0), a.cpuMs);
  return { wallMs, cpuMs };
}
