import { clock } from '../../tools/lib/progress.ts';
import { loads, table } from '../lib/command.ts';
import { type BackendResult, type Duration, type Failure, type Report, STAGES, type Stage } from './results.ts';

const NAMES: Readonly<Record<Stage, string>> = {
  resample: 'mix and resample',
  stft: 'STFT',
  network: 'network',
  interpolate: 'mask interpolation',
  filter: 'filter (STFT, mask, inverse)',
  rest: 'rest',
};

const HEAD = ['', 'time, s', '× real time', 'CPU, s', '× real time'];

/** The lines above the results. */
export function heading({ machine, song, model }: Omit<Report, 'results'>): string {
  const channels = song.channels === 1 ? 'mono' : 'stereo';
  return [
    `Song: ${song.name}, ${clock(song.seconds)}, ${song.sampleRate} Hz, ${channels}, ${song.patches} patches`,
    `Model: ${model.id}, ${model.gmacPerPatch.toFixed(3)}·10⁹ multiply-adds a patch`,
    `Machine: ${machine.processors} × ${machine.processor}, Node ${machine.node}, load average ${loads(machine.loadAverage)}`,
    'Least of several passes. CPU: time of all processors together, which other programs disturb less.',
  ].join('\n');
}

/** One backend's table and figures. */
export function resultText(result: BackendResult | Failure, song: Report['song']): string {
  const { place, backend } = result;
  if ('failed' in result) return `${place}, ${backend}: not measured. ${result.failed}`;
  const details = result.details === '' ? '' : ` (${result.details})`;
  const whole = wholeSong(result, song);
  const row = (name: string, { wallMs, cpuMs }: Duration): string[] => [
    name,
    (wallMs / 1000).toFixed(3),
    speed(song.seconds, wallMs),
    cpuMs === undefined ? '' : (cpuMs / 1000).toFixed(3),
    cpuMs === undefined ? '' : speed(song.seconds, cpuMs),
  ];
  const rows = [
    ...(result.decode ? [row('decode', result.decode)] : []),
    ...STAGES.map((stage) => row(NAMES[stage], whole.stages[stage])),
    row('total, samples to stems', whole.total),
    ...(whole.page ? [row('total, as the page runs it', whole.page)] : []),
  ];
  const scaled = `  Slow: of ${song.patches} patches ${result.patches} (${result.seconds.toFixed(1)} s) measured, and scaled to the whole song.`;
  return [
    `${place}, ${backend}${details}, load ${result.load.toFixed(1)}`,
    ...(whole.measured ? [] : [scaled]),
    table(HEAD, rows),
    ...figures(result),
  ].join('\n');
}

function figures({ pass, rate, memory, tensors }: BackendResult): string[] {
  const { wallMs, cpuMs } = pass.stages.network;
  const cpu = cpuMs === undefined ? '' : ` (CPU ${(cpuMs / pass.patches).toFixed(0)} ms)`;
  const part = (100 * rate.networkGmacs) / rate.matmulGmacs;
  const size = `${rate.matmulSize}×${rate.matmulSize}`;
  const bytes = Object.entries(memory).map(([name, value]) => `${name} ${value} MB`);
  return [
    `  network: ${(wallMs / pass.patches).toFixed(0)} ms a patch${cpu}; ${rate.msPerPatch.toFixed(0)} ms${cpuMs === undefined ? '' : ' CPU'} without normalisation, compression and transposition`,
    `  matmul limit: ${rate.networkGmacs.toFixed(2)} of ${rate.matmulGmacs.toFixed(2)}·10⁹ multiply-adds a second (${size} matrices): network at ${part.toFixed(0)} % of the matmul rate`,
    `  memory: ${bytes.join('; ')}`,
    `  tensors: ${tensors.before.tensors} (${(tensors.before.bytes / 1e6).toFixed(1)} MB) before the passes, ${tensors.after.tensors} (${(tensors.after.bytes / 1e6).toFixed(1)} MB) after`,
  ];
}

function speed(seconds: number, ms: number): string {
  const times = seconds / (ms / 1000);
  return times < 10 ? times.toFixed(2) : times < 100 ? times.toFixed(1) : times.toFixed(0);
}

/** A backend's times for the whole song. */
interface WholeSong {
  readonly stages: Readonly<Record<Stage, Duration>>;
  readonly total: Duration;
  readonly page?: Duration;
  /** All of the song was measured; nothing is scaled. */
  readonly measured: boolean;
}

/** Scales the times of a part of the song: the network's by the number of patches, the others by the length. */
function wholeSong(result: BackendResult, song: { readonly seconds: number; readonly patches: number }): WholeSong {
  const measured = song.seconds - result.seconds < 0.01;
  const byPatches = measured ? 1 : song.patches / result.patches;
  const byLength = song.seconds / result.seconds;
  const stages = Object.fromEntries(
    STAGES.map((stage) => [stage, times(result.pass.stages[stage], stage === 'network' ? byPatches : byLength)]),
  ) as WholeSong['stages'];
  return {
    stages,
    total: sum(STAGES.map((stage) => stages[stage])),
    // On a backend this slow nearly all of the time is the network's.
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
