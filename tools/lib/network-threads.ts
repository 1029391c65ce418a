import { Worker as NodeWorker } from 'node:worker_threads';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import type { LoadedModel } from '../../src/model/load.ts';
import type { NetworkThread } from '../../src/model/runtime/network-pool.ts';
import { networkWorker } from '../../src/model/runtime/network-worker.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');

/** A program that runs a script in TypeScript: Node's threads do not take over the loader of tsx. */
function fromSource(script: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api');
  return `import('${tsx}').then(({ register }) => { register(); return import('${script}'); });`;
}

/** Threads of Node that compute a model's networks on wasm. */
export function networkThreads(loaded: LoadedModel, count: number): readonly NetworkThread[] {
  return Array.from({ length: count }, () => networkWorker(loaded, startThread));
}

/** Starts network-thread.ts, or what it is compiled to, and makes it look like a browser's worker. */
function startThread(): Worker {
  const thread = IS_SOURCE
    ? new NodeWorker(fromSource(new URL('./network-thread.ts', import.meta.url)), { eval: true })
    : new NodeWorker(new URL('./network-thread.js', import.meta.url));
  const events = new EventTarget();
  thread.on('error', (error: Error) => {
    events.dispatchEvent(Object.assign(new Event('error'), { message: error.message }));
  });
  thread.on('exit', () => events.dispatchEvent(new Event('error')));
  const port = nodeEndpoint(thread as unknown as NodeEndpoint);
  const isOfPort = (type: string) => type === 'message';
  return {
    postMessage: port.postMessage.bind(port),
    addEventListener: (type: string, listener: EventListener) =>
      (isOfPort(type) ? port : events).addEventListener(type, listener),
    removeEventListener: (type: string, listener: EventListener) =>
      (isOfPort(type) ? port : events).removeEventListener(type, listener),
    terminate: () => void thread.terminate(),
  } as unknown as Worker;
}
