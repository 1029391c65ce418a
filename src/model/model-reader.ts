import { ModelError } from '../core/errors.ts';
import { joinBytes } from '../core/join-arrays.ts';
import type { Message } from '../core/message.ts';

export interface ReadOptions {
  /** Bypasses every cache. */
  readonly fresh?: boolean;
  /** Of the file, in hexadecimal. In its address, it lets every cache on the way keep the file for ever. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  /** Receives the bytes of this file that are loaded so far. */
  readonly onBytes?: (received: number) => void;
}

/** Where a model's files come from: an address (here) or a folder (load.node.ts). */
export interface ModelReader {
  /** The address or path, for messages. Ends in “/”. */
  readonly where: string;
  /** What a person can do about a damaged file. Default: a hint for servers. */
  readonly hint?: Message;
  /** @throws ModelError when the file cannot be had; the signal's reason when it fires. */
  read(path: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** A file that stays outside of memory until it is read; undefined: there is none such. */
  readonly blob?: (path: string) => Promise<Blob>;
}

/** Reads over HTTP from the folder at `address`. */
export function httpReader(address: string): ModelReader {
  const where = address.endsWith('/') ? address : `${address}/`;
  return {
    where,
    async read(path, { fresh = false, sha256, signal, onBytes } = {}) {
      const url = where + path + (sha256 ? `?sha256=${sha256}` : '');
      try {
        const response = await fetch(url, { cache: fresh ? 'reload' : 'default', signal });
        if (!response.ok) {
          throw new ModelError('model.server-status', { status: String(response.status), url });
        }
        return await readBody(response, onBytes);
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof ModelError) throw cause;
        throw new ModelError('model.not-loaded', { url }, { cause });
      }
    },
  };
}

async function readBody(response: Response, onBytes?: (received: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array[] = [];
  const reader = response.body.getReader();
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    received += value.length;
    onBytes?.(received);
  }
  return joinBytes(parts);
}
