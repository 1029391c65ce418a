import * as Comlink from 'comlink';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  PageWorkers,
  type PortMessage,
  pageStartedWorker,
  type StartOnPage,
} from '../../src/core/page-started-worker.ts';
import { WorkerBridge } from '../../src/core/worker-bridge.ts';

/** A worker in this thread that doubles numbers, by the port that it gets. */
class FakeWorker extends EventTarget {
  readonly terminate = vi.fn(() => this.port?.close());
  port: MessagePort | undefined;

  postMessage({ port }: PortMessage): void {
    this.port = port;
    Comlink.expose({ double: (n: number) => 2 * n }, port as unknown as Comlink.Endpoint);
  }
}

interface Doubler {
  double(n: number): number;
}

/** Both ends in this thread, with the page's end behind Comlink, as on the page. */
function start() {
  const started: FakeWorker[] = [];
  const page = new PageWorkers(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as unknown as Worker;
  });
  const { port1, port2 } = new MessageChannel();
  Comlink.expose({ start: page.start }, port1 as unknown as Comlink.Endpoint);
  const remote = Comlink.wrap<{ start: StartOnPage }>(port2 as unknown as Comlink.Endpoint);
  const bridge = new WorkerBridge<Doubler>(() => pageStartedWorker(remote.start as unknown as StartOnPage));
  onTestFinished(() => {
    bridge.end();
    for (const port of [port1, port2]) port.close();
  });
  return { page, started, bridge };
}

describe('a worker that the page starts for another one', () => {
  it('answers calls', async () => {
    const { bridge, started } = start();
    expect(await bridge.engine.double(21)).toBe(42);
    expect(await bridge.engine.double(4)).toBe(8);
    expect(started).toHaveLength(1);
  });

  it('ends when it is ended from there', async () => {
    const { bridge, started } = start();
    await bridge.engine.double(1);
    bridge.end();
    await expect.poll(() => started[0].terminate.mock.calls.length).toBe(1);
    expect(await bridge.engine.double(2)).toBe(4);
    expect(started).toHaveLength(2);
  });

  it('rejects what is open where it crashes, with what the browser says', async () => {
    const { bridge, started } = start();
    await bridge.engine.double(1);
    started[0].port?.close();
    const answer = bridge.engine.double(2);
    started[0].dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(answer).rejects.toMatchObject({ code: 'worker.crashed', detail: 'out of memory' });
  });

  it('rejects what is open where the page cannot start it', async () => {
    const refusing: StartOnPage = () => Promise.reject(new Error('no worker'));
    const bridge = new WorkerBridge<Doubler>(() => pageStartedWorker(refusing));
    await expect(bridge.engine.double(1)).rejects.toMatchObject({ code: 'worker.crashed' });
  });

  it('ends with all others when the page says so, and no other is started', async () => {
    const { bridge, page, started } = start();
    await bridge.engine.double(1);
    page.endAll();
    expect(started[0].terminate).toHaveBeenCalledTimes(1);
    const late = new MessageChannel();
    await expect(page.start(late.port1, () => undefined)).rejects.toMatchObject({ name: 'AbortError' });
    expect(started).toHaveLength(1);
    late.port2.close();
  });
});
