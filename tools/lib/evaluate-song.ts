import type { VariablePredictor } from '../../src/model/predictor.ts';
import { type Estimates, type Measures, measure, TARGETS, type Target } from './evaluate-measure.ts';
import type { Method } from './evaluate-methods.ts';
import type { SongResult } from './evaluate-report.ts';
import type { SongFolder } from './evaluate-songs.ts';
import type { Stems } from './evaluate-stems.ts';
import { INTERRUPTED } from './exit-status.ts';
import { startProgress } from './progress.ts';

export interface EvaluateSongOptions {
  /** Whether to compute BSS Eval too, for the methods that ask for it. */
  readonly bss: boolean;
  /** Text before the method's name on the progress bar. */
  readonly label: string;
  /** Receives each method's estimates. */
  readonly onEstimates?: (method: Method, estimates: Estimates) => void;
}

/** Measures a song by all methods, with the estimates of one method in memory at a time. */
export async function evaluateSong(
  folder: SongFolder,
  stems: Stems,
  methods: readonly Method[],
  { bss, label, onEstimates }: EvaluateSongOptions,
): Promise<SongResult> {
  const scores: Record<Target, Record<string, Measures>> = { vocals: {}, accompaniment: {} };
  for (const method of methods) {
    const estimates = await withProgress(`${label} ${method.title}`, (update) => method.estimate(stems, update));
    const hide = showMeasuring(label);
    const own = measure(stems, estimates, bss && method.bss);
    hide();
    for (const target of TARGETS) scores[target][method.key] = own[target];
    onEstimates?.(method, estimates);
  }
  const { sampleRate, mixture, notes } = stems;
  return {
    path: folder.path,
    set: folder.set,
    seconds: mixture[0].length / sampleRate,
    sampleRate,
    channels: mixture.length,
    notes,
    ...scores,
  };
}

/** Shows a bar during a computation; Ctrl+C restores the terminal's cursor. */
async function withProgress<T>(
  label: string,
  work: (update: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const progress = startProgress(label);
  const interrupt = (): void => {
    progress.stop();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  try {
    return await work(progress.update);
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
  }
}

/** Shows a line on a terminal. A bar would not move, because measuring never pauses. */
function showMeasuring(label: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  stderr.write(`${label} measuring …`);
  return () => stderr.write('\r\u001b[K');
}

/** Numbers the models that have the same id, so that a table can show them apart. */
export function requireDistinct(models: readonly VariablePredictor[]): readonly VariablePredictor[] {
  const seen = new Map<string, number>();
  return models.map((model) => {
    const { id } = model.manifest;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    if (times === 1) return model;
    return {
      manifest: { ...model.manifest, id: `${id}-${times}` },
      predict: (...args) => model.predict(...args),
      variant: (manifest) => model.variant(manifest),
    };
  });
}
