import type { BackendResult, Duration, Stage } from './results.ts';
import { STAGES } from './results.ts';

/** A backend's times for the whole song. */
export interface WholeSong {
  readonly stages: Readonly<Record<Stage, Duration>>;
  readonly total: Duration;
  readonly page?: Duration;
  /** Nothing was scaled: all of the song was measured. */
  readonly measured: boolean;
}

/** Scales what was measured on a part of the song: the network by the number of patches, the rest by the length. */
export function wholeSong(
  result: BackendResult,
  song: { readonly seconds: number; readonly patches: number },
): WholeSong {
  const measured = song.seconds - result.seconds < 0.01;
  const byPatches = measured ? 1 : song.patches / result.patches;
  const byLength = song.seconds / result.seconds;
  const stages = Object.fromEntries(
    STAGES.map((stage) => [stage, times(result.pass.stages[stage], stage === 'network' ? byPatches : byLength)]),
  ) as WholeSong['stages'];
  return {
    stages,
    total: sum(STAGES.map((stage) => stages[stage])),
    // All but the network is a small part of it on a backend so slow.
    page: result.page && times(result.page, byPatches),
    measured,
  };
}

function times({ wallMs, cpuMs }: Duration, factor: number): Duration {
  return { wallMs: wallMs * factor, cpuMs: cpuMs === undefined ? undefined : cpuMs * factor };
}

function sum(durations: readonly Duration[]): Duration {
  const known = durations.every(({ cpuMs }) => cpuMs !== undefined);
  return {
    wallMs: durations.reduce((all, { wallMs }) => all + wallMs, 0),
    cpuMs: known ? durations.reduce((all, { cpuMs = 0 }) => all + cpuMs, 0) : undefined,
  };
}
