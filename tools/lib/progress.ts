import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of a job. */
export interface Progress {
  /** `done` of `total` seconds of sound. */
  update(done: number, total: number): void;
  /** Clears the line. */
  stop(): void;
}

/** Shows a bar on a terminal; shows nothing where the output goes to a file or a pipe. */
export function startProgress(label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update: () => {}, stop: () => {} };
  const started = Date.now();
  const bar = new SingleBar(
    {
      format: '{label} {bar} {percentage}% · {done} of {length} · {speed} × real time · {left} left',
      stream,
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
      fps: 10,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { label, done: '0:00', length: '?', speed: '–', left: '?' });
  return {
    update(done, total) {
      const seconds = (Date.now() - started) / 1000;
      const speed = done / Math.max(seconds, 1e-3);
      bar.setTotal(total);
      bar.update(done, {
        done: clock(done),
        length: clock(total),
        speed: speed.toFixed(1),
        left: speed > 0 ? clock((total - done) / speed) : '?',
      });
    },
    stop() {
      bar.stop();
    },
  };
}

/** Minutes and seconds: "3:07". */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
