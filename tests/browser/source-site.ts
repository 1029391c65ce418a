import { createServer } from 'vite';

/** Serves all files of the repository, sources as modules. The address ends in “/”. */
export async function serveSources(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = await createServer({
    root: process.cwd(),
    logLevel: 'error',
    server: { port: 0, hmr: false },
    // Packages are served as they are: bundling them on first sight would reload the page in the middle of a test.
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}
