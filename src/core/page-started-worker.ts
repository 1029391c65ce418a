import * as Comlink from 'comlink';

/** Starts a worker on the page for another worker, which talks to it by a port. @returns ends it */
export type StartOnPage = (port: MessagePort, onError: (message: string) => void) => Promise<() => Promise<void>>;

/** The first message to such a worker: all others go by the port. */
export interface PortMessage {
  readonly port: MessagePort;
}

/**
 * A worker that the page starts for this worker, to be used like one of its own. In Firefox (seen in 153 ESR) a worker
 * that starts a worker is blocked for ever at times: `new Worker` does not return. On the page that does not happen.
 *
 * @param start of the page's `PageWorkers`, as a Comlink proxy
 */
export function pageStartedWorker(start: StartOnPage): Worker {
  const { port1, port2 } = new MessageChannel();
  const failed = (message: string) => void port1.dispatchEvent(Object.assign(new Event('error'), { message }));
  const started = start(Comlink.transfer(port2, [port2]), Comlink.proxy(failed));
  started.catch((error: unknown) => failed(String(error)));
  const terminate = () => {
    port1.close();
    started.then((end) => end()).catch(() => undefined);
  };
  return Object.assign(port1, { terminate }) as unknown as Worker;
}

/** The workers that the page has started for one other worker. They end with it. */
export class PageWorkers {
  readonly #start: () => Worker;
  readonly #workers = new Set<Worker>();
  #ended = false;

  /** @param start must contain `new Worker(new URL('…', import.meta.url), { type: 'module', … })` literally, for Vite */
  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** For the other worker, as a Comlink proxy. */
  readonly start: StartOnPage = async (port, onError) => {
    // The other worker asked for it in its last moments.
    if (this.#ended) {
      port.close();
      throw new DOMException('The worker was ended.', 'AbortError');
    }
    const worker = this.#start();
    this.#workers.add(worker);
    // A script that cannot be loaded gives an event without a message.
    worker.addEventListener('error', ({ message = '' }) => onError(message));
    worker.postMessage({ port } satisfies PortMessage, [port]);
    return Comlink.proxy(async () => {
      worker.terminate();
      this.#workers.delete(worker);
    });
  };

  /** Ends all of them; none is started after that. */
  endAll(): void {
    this.#ended = true;
    for (const worker of this.#workers) worker.terminate();
    this.#workers.clear();
  }
}

/** Resolves to the port of a worker that the page has started for another one. To be called by its script, at once. */
export function portFromPage(): Promise<MessagePort> {
  return new Promise((resolve) => {
    addEventListener('message', ({ data }: MessageEvent<PortMessage>) => resolve(data.port), { once: true });
  });
}
