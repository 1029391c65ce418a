import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** A server of files. */
export interface FileSite {
  /** With the sub-path, and a slash at the end. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves files under a sub-path and nothing else, with no header but their types: as the simplest of hosts does.
 *
 * @param subPath with a slash at both ends
 * @param fileOf the file of a path under the sub-path, which is '' for the folder itself
 * @param port default: any that is free
 */
export async function serveFiles(subPath: string, fileOf: (path: string) => string, port = 0): Promise<FileSite> {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const file = path.startsWith(subPath) ? fileOf(path.slice(subPath.length)) : undefined;
    const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || !bytes) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const used = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${used}${encodeURI(subPath)}`,
    port: used,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
