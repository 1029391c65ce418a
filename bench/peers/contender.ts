import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Job, Ready, Timed } from './job.ts';

/** A program of job.ts, in a process of its own. */
export class Contender {
  readonly version: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(version: string, process: ChildProcess, answers: AsyncIterator<string>) {
    this.version = version;
    this.#process = process;
    this.#answers = answers;
  }

  /**
   * Starts a program. Its outputs are then in the job's file.
   *
   * @param command the program and its arguments; the job's file is the last of them
   * @throws Error when it ends before it is ready; what it says goes to this process's standard error
   */
  static async start([program, ...rest]: readonly string[], job: Job): Promise<Contender> {
    const file = `${job.output}.json`;
    await writeFile(file, JSON.stringify(job));
    const child = spawn(program, [...rest, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', () => {});
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { version } = await answer<Ready>(answers, rest.join(' '));
    return new Contender(version, child, answers);
  }

  /** One pass over all patches. @throws Error when the program ends */
  async time(): Promise<Timed> {
    this.#process.stdin?.write('again\n');
    return await answer<Timed>(this.#answers, this.version);
  }

  end(): void {
    this.#process.stdin?.end();
  }
}

async function answer<T>(answers: AsyncIterator<string>, who: string): Promise<T> {
  const { value, done } = await answers.next();
  if (done) throw new Error(`${who} ended without an answer.`);
  return JSON.parse(value) as T;
}

/** The outputs that a program wrote, network by network for each patch. */
export async function readOutputs({ output, patches, networks }: Job): Promise<readonly Float32Array[]> {
  const { buffer } = new Uint8Array(await readFile(output));
  const count = patches * networks.length;
  const length = buffer.byteLength / 4 / count;
  return Array.from({ length: count }, (_, n) => new Float32Array(buffer, 4 * n * length, length));
}
