import * as Comlink from 'comlink';
import { freeMemory } from '../../core/memory.ts';
import { pieceBuffers, pieceOf, type SongPiece, type SongSource } from './song-source.ts';

/** A song to send to one reader in another thread. As an argument or answer of Comlink, it transfers its port. */
export interface SongHandle {
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
  /** Arrays in shared memory, or a port that answers `read` by Comlink. */
  readonly from:
    | { readonly kind: 'arrays'; readonly arrays: SongPiece }
    | { readonly kind: 'port'; readonly port: MessagePort };
}

/** A reader of a song; closing it closes the port. */
export interface SongReader extends SongSource {
  close(): void;
}

interface PieceEngine {
  read(start: number, end: number): Promise<SongPiece>;
}

/** Answers `read` on a port. @param read gives arrays of their own, which are handed over */
export function answerReads(port: MessagePort, read: (start: number, end: number) => Promise<SongPiece>): void {
  const engine: PieceEngine = {
    async read(start, end) {
      const piece = await read(start, end);
      return Comlink.transfer(piece, pieceBuffers(piece));
    },
  };
  Comlink.expose(engine, port);
}

/** A handle whose port is handed over with it. */
export function portHandle(shape: Omit<SongHandle, 'from'>, port: MessagePort): SongHandle {
  return Comlink.transfer({ ...shape, from: { kind: 'port', port } }, [port]);
}

/** Reads a song of another thread. A piece's memory is given back with the next call. */
export function openHandle({ sampleRate, channels, samples, from }: SongHandle): SongReader {
  const shape = { sampleRate, channels, samples };
  if (from.kind === 'arrays') {
    return { ...shape, read: async (start, end) => pieceOf(from.arrays, start, end), close: () => undefined };
  }
  const engine = Comlink.wrap<PieceEngine>(from.port);
  let last: SongPiece | undefined;
  const free = () => last && freeMemory([...last.original, ...last.vocals]);
  return {
    ...shape,
    async read(start, end) {
      free();
      last = await engine.read(start, end);
      return last;
    },
    close() {
      free();
      engine[Comlink.releaseProxy]();
    },
  };
}
