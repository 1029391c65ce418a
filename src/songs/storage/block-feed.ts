import { BLOCK_SAMPLES, type BlockMessage, type BlockRequest, blockOf } from './player-source.ts';
import { pieceBuffers, type SongPiece } from './song-source.ts';

/** Most blocks per player recorded as sent: more than a player keeps (player/block-table.ts). */
const MAX_SENT = 64;

/** Where the blocks come from. */
export interface BlockReader {
  /** Samples of one channel. */
  readonly samples: number;
  /** Samples [start, end) in arrays of their own, which are handed over; undefined: the song was closed. */
  read(start: number, end: number): SongPiece | undefined;
  /** Resolves when the next read may begin; undefined: now. */
  ready?(): Promise<void> | undefined;
}

/**
 * Sends requested blocks of a song to players, and vocals that change after their block was sent. Reading and sending is
 * one step, so that new vocals never arrive before the old block.
 */
export class BlockFeed {
  readonly #reader: BlockReader;
  /** The players, each with the blocks that it was sent last. */
  readonly #players = new Map<MessagePort, Set<number>>();

  constructor(reader: BlockReader) {
    this.#reader = reader;
  }

  /** Answers the requests of a player. */
  add(port: MessagePort): void {
    this.#players.set(port, new Set());
    port.onmessage = async ({ data }: MessageEvent<BlockRequest>) => {
      if ('end' in data) {
        this.#players.delete(port);
        port.close();
        return;
      }
      const pause = this.#reader.ready?.();
      if (pause) await pause;
      for (const index of data.need) this.#send(port, index);
    };
  }

  /** Sends copies of changed vocals, from sample `start` on, to every player that may have the old ones. */
  changed(start: number, vocals: readonly Float32Array[]): void {
    const count = vocals[0]?.length ?? 0;
    if (count === 0) return;
    for (const [port, sent] of this.#players) {
      let near = false;
      for (let block = blockOf(start); block <= blockOf(start + count - 1); block++) near ||= sent.has(block);
      if (!near) continue;
      const copies = vocals.map((channel) => channel.slice());
      const message: BlockMessage = { start, vocals: copies };
      port.postMessage(
        message,
        copies.map(({ buffer }) => buffer),
      );
    }
  }

  /** Closes the ports of all players. */
  close(): void {
    for (const port of this.#players.keys()) port.close();
    this.#players.clear();
  }

  #send(port: MessagePort, index: number): void {
    const sent = this.#players.get(port);
    const start = index * BLOCK_SAMPLES;
    const piece = sent && this.#reader.read(start, Math.min(this.#reader.samples, start + BLOCK_SAMPLES));
    if (!piece) return;
    // Last in the order of insertion, so that the oldest is first.
    sent.delete(index);
    sent.add(index);
    for (const old of sent) if (sent.size > MAX_SENT) sent.delete(old);
    const message: BlockMessage = { index, piece };
    port.postMessage(message, pieceBuffers(piece));
  }
}
