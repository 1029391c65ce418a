import * as Comlink from 'comlink';
import { Emitter } from '../../core/emitter.ts';
import { type Calls, retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { LongSongFolder } from './long-song-folder.ts';
import type { OpfsSongEngine, OpfsSongFacts } from './opfs-song-engine.ts';
import { PaintedBlocks } from './painted-blocks.ts';
import type { StoredColumns } from './spectrogram-file.ts';

export interface OpfsSessionOptions {
  /** The song's locked folder. */
  readonly home: LongSongFolder;
  /** What the song is called in errors. */
  readonly name: string;
  readonly facts: OpfsSongFacts;
  /** The files are open for reading alone. */
  readonly sealed: boolean;
  /** Starts the worker; see opfs-song.worker.ts. */
  readonly start: () => Worker;
}

/**
 * The files of one song, open in a worker. After a crash, a new worker opens them and receives the painted vocals again.
 * Only the ports are lost.
 */
export class OpfsSession extends Emitter<{ crash: [error: WorkerCrashedError] }> {
  readonly facts: OpfsSongFacts;
  readonly #bridge: WorkerBridge<OpfsSongEngine>;
  readonly #home: LongSongFolder;
  /** A copy of the worker's painted vocals. */
  readonly #painted = new PaintedBlocks();
  #sealed: boolean;

  constructor({ home, name, facts, sealed, start }: OpfsSessionOptions) {
    super();
    this.facts = facts;
    this.#home = home;
    this.#sealed = sealed;
    this.#bridge = new WorkerBridge(start, {
      setUp: async (engine) => {
        await engine.serve(home.name, name, facts, this.#sealed);
        for (const piece of this.#painted.pieces()) await engine.amend(piece.start, handedOver(piece.vocals));
      },
      onCrash: (error) => this.emit('crash', error),
    });
  }

  /** The worker's methods. */
  get engine(): Calls<OpfsSongEngine> {
    return this.#bridge.engine;
  }

  /** Ends when the files are open. @throws DOMException where they cannot be; the signal's reason */
  async opened(signal?: AbortSignal): Promise<void> {
    await this.#bridge.engineUntil(signal).read(0, 0);
  }

  /** See OpfsSongServer. The arrays stay the caller's. */
  async write(start: number, vocals: readonly Float32Array[], columns: StoredColumns): Promise<boolean> {
    const stored = await retryAfterCrash(() =>
      this.engine.write(start, handedOver(vocals), columnsHandedOver(columns)),
    );
    this.#painted.update(start, vocals);
    return stored;
  }

  /** See OpfsSongServer. The arrays stay the caller's. */
  writeColumns(columns: StoredColumns): Promise<boolean> {
    return retryAfterCrash(() => this.engine.writeColumns(columnsHandedOver(columns)));
  }

  /** Puts painted vocals over those in the file. The arrays stay the caller's. */
  async amend(start: number, vocals: readonly Float32Array[]): Promise<void> {
    const room = Math.max(0, this.facts.samples - start);
    const fitting = vocals.map((channel) => channel.subarray(0, room));
    await retryAfterCrash(() => this.engine.amend(start, handedOver(fitting)));
    this.#painted.put(start, fitting);
  }

  /** Nothing more is written to the files. @throws DOMException when the disk refuses */
  async seal(): Promise<void> {
    await retryAfterCrash(() => this.engine.seal());
    this.#sealed = true;
  }

  /** Closes the files and releases the folder. */
  async dispose(): Promise<void> {
    await endWorker(this.#bridge);
    await this.#home.leave();
  }
}

/** Ends a song's worker once it has let go of its files. */
export async function endWorker(bridge: WorkerBridge<OpfsSongEngine>): Promise<void> {
  if (bridge.running) {
    const { engine } = bridge.session();
    await engine.close().catch(() => undefined);
  }
  bridge.dispose();
}

/** Copies to transfer: copies made by postMessage would stay in memory until garbage collection. */
function handedOver(channels: readonly Float32Array[]): readonly Float32Array[] {
  const copies = channels.map((channel) => channel.slice());
  return Comlink.transfer(
    copies,
    copies.map(({ buffer }) => buffer),
  );
}

function columnsHandedOver(columns: StoredColumns): StoredColumns {
  const copies = { ...columns, mixture: columns.mixture.slice(), mask: columns.mask.slice() };
  return Comlink.transfer(copies, [copies.mixture.buffer, copies.mask.buffer]);
}
