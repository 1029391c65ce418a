import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NamedFile } from './corpus.ts';
import type { Answer } from './decode-child.ts';
import type { Outcome } from './decode-outcome.ts';

/** JavaScript heap at most. */
const MAX_HEAP_MB = 256;

/** All memory of the process at most: Node, heap, decoder, and instances that are not yet collected. */
const MAX_RESIDENT_BYTES = 1 << 30;

/** A process that decodes one file after the other. A file that hangs or crashes it ends this process only. */
export class DecodeProcess {
  readonly #limitMs: number;
  #child: Promise<ChildProcess> | undefined;

  /** @param limitMs milliseconds for a file */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** What became of a file. A crash, a hang and too much memory are failures, as are wrong results. */
  async decode(file: NamedFile): Promise<Outcome | { readonly failure: string }> {
    this.#child ??= started();
    const child = await this.#child;
    const limit = AbortSignal.timeout(this.#limitMs);
    const end = new AbortController();
    const signal = AbortSignal.any([limit, end.signal]);
    try {
      const answered = once(child, 'message', { signal });
      const crashed = once(child, 'exit', { signal }).then(([code, by]) => {
        throw new Error(`The process ended: ${code ?? by}.`);
      });
      child.send(file);
      const [answer]: Answer[] = await Promise.race([answered, crashed]);
      if (answer.residentBytes <= MAX_RESIDENT_BYTES) return answer;
      await this.end();
      return { failure: `The process took ${answer.residentBytes} bytes.` };
    } catch (error) {
      await this.end();
      return { failure: limit.aborted ? `It takes more than ${this.#limitMs / 1000} s.` : String(error) };
    } finally {
      end.abort();
    }
  }

  /** Ends the process; the next file starts another one. */
  async end(): Promise<void> {
    const child = await this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
  }
}

async function started(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./decode-child.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [...process.execArgv, `--max-old-space-size=${MAX_HEAP_MB}`],
  });
  await once(child, 'message');
  return child;
}
