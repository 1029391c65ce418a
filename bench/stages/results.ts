/** Milliseconds: wall time, and processor time of all threads where it is known. */
export interface Duration {
  readonly wallMs: number;
  readonly cpuMs?: number;
}

/**
 * The stages from decoded samples to stems: mixing to mono and resampling to the model's rate; STFT and magnitude; the
 * network with normalisation and compression; the mask's interpolation in time and frequency; the filter (STFT at the
 * song's rate, mask, inverse, overlap-add); and the rest (joining masks, spectrograms, the other stem).
 */
export const STAGES = ['resample', 'stft', 'network', 'interpolate', 'filter', 'rest'] as const;
export type Stage = (typeof STAGES)[number];

/** The times of one separation. */
export interface Pass {
  readonly stages: Readonly<Record<Stage, Duration>>;
  readonly total: Duration;
  readonly patches: number;
}

/** Speed of the network alone, and of a matrix multiplication on the same backend in the same run. */
export interface NetworkRate {
  /** Least time of one patch, input and output copied. */
  readonly msPerPatch: number;
  /** Multiply-adds a second, in 10⁹. */
  readonly networkGmacs: number;
  readonly matmulGmacs: number;
  /** Side of the square float32 matrices. */
  readonly matmulSize: number;
}

export interface TensorCount {
  readonly tensors: number;
  readonly bytes: number;
}

/** Figures of one backend in Node or in Chromium. Times are of the measured part of the song. */
export interface BackendResult {
  readonly place: 'Node' | 'Chromium';
  readonly backend: string;
  /** SIMD and threads, or the graphics card's name. */
  readonly details: string;
  /** Seconds of song measured, and patches in them; less than the song's on a slow backend. */
  readonly seconds: number;
  readonly patches: number;
  /** The quickest of `passes`. */
  readonly pass: Pass;
  readonly passes: number;
  /** Of the whole file. Missing for made-up noise. */
  readonly decode?: Duration;
  /** As the page separates: through the client, its worker and the messages between them. */
  readonly page?: Duration;
  readonly rate: NetworkRate;
  /** MB (10⁶ bytes), by name. */
  readonly memory: Readonly<Record<string, number>>;
  /** On the backend, before the first pass and after the last. */
  readonly tensors: { readonly before: TensorCount; readonly after: TensorCount };
  /** The machine's load average of the last minute, at the end. */
  readonly load: number;
}

export interface Failure {
  readonly place: 'Node' | 'Chromium';
  readonly backend: string;
  readonly failed: string;
}

/** What was measured, and on which machine. */
export interface Report {
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly processors: number;
    readonly node: string;
    readonly loadAverage: readonly number[];
  };
  readonly song: {
    readonly name: string;
    readonly seconds: number;
    readonly sampleRate: number;
    readonly channels: number;
    readonly patches: number;
  };
  readonly model: { readonly id: string; readonly gmacPerPatch: number };
  readonly results: readonly (BackendResult | Failure)[];
}

/** The quickest of several passes; processor time from the pass that used the least. */
export function bestPass(passes: readonly Pass[]): Pass {
  const least = (of: (duration: Duration) => number): Pass =>
    passes.reduce((best, pass) => (of(pass.total) < of(best.total) ? pass : best));
  const byWall = least(({ wallMs }) => wallMs);
  const byCpu = least(({ cpuMs = 0 }) => cpuMs);
  const merge = (wall: Duration, cpu: Duration): Duration => ({ wallMs: wall.wallMs, cpuMs: cpu.cpuMs });
  const stages = STAGES.map((stage) => [stage, merge(byWall.stages[stage], byCpu.stages[stage])]);
  return { ...byWall, stages: Object.fromEntries(stages) as Pass['stages'], total: merge(byWall.total, byCpu.total) };
}

/** The least time by the clock, and the least processor time. */
export function bestDuration(durations: readonly Duration[]): Duration {
  const cpu = durations.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]));
  return {
    wallMs: Math.min(...durations.map(({ wallMs }) => wallMs)),
    cpuMs: cpu.length === 0 ? undefined : Math.min(...cpu),
  };
}
