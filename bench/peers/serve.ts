import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Job, Ready, Timed } from './job.ts';

/** A program that is compared. */
export interface Program extends Ready {
  /** Runs all networks on all patches. The outputs, network by network for each patch. */
  run(): Promise<readonly Float32Array[]>;
}

/**
 * Makes this process a program that `Contender` starts: see job.ts.
 *
 * @param prepare loads the networks and the patches of a job
 */
export async function serve(prepare: (job: Job) => Promise<Program>): Promise<void> {
  const job = JSON.parse(await readFile(process.argv.at(-1)!, 'utf8')) as Job;
  const program = await prepare(job);
  const say = (line: Ready | Timed) => process.stdout.write(`${JSON.stringify(line)}\n`);
  await writeFile(job.output, await program.run());
  say({ version: program.version });
  const lines = createInterface(process.stdin);
  lines.on('line', async () => {
    const begun = performance.now();
    const before = process.cpuUsage();
    await program.run();
    const { user, system } = process.cpuUsage(before);
    say({ seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 });
  });
  await once(lines, 'close');
  // Idle threads keep a process alive.
  process.exit();
}

/** The patches of a file, each an array of its own. */
export async function readPatches(file: string, { patches, channels, bins, frames }: Job): Promise<Float32Array[]> {
  const { buffer } = new Uint8Array(await readFile(file));
  const size = channels * bins * frames;
  return Array.from({ length: patches }, (_, n) => new Float32Array(buffer, 4 * n * size, size));
}
