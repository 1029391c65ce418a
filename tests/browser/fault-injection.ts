import type { Page, Worker } from 'playwright-core';

/**
 * Makes the browser fail as a full disk and a driver do. What is replaced lies in workers, which no init script of
 * Playwright reaches: the code comes before that of each worker's script.
 */

/** A disk that becomes full, or stands still, in the middle of a file. */
export interface WriteFault {
  /** Pattern of the name of the file, or of the address in a cache. */
  readonly file: string;
  /** Bytes that still find space. Default: none. */
  readonly after?: number;
  /** What fails. Default: writing, and reserving space. */
  readonly on?: 'write' | 'reserve';
  /** It never answers: whoever writes is killed in the middle. */
  readonly stuck?: boolean;
}

/** A driver that takes the graphics device away: WebGL's context, WebGPU's device. */
export interface ContextFault {
  /** Results that are read back before: one for each run of the network. */
  readonly after: number;
}

/** What fails. */
export interface Faults {
  readonly write?: WriteFault;
  readonly context?: ContextFault;
  /** Part of the name of a worker's script: an error that nobody catches comes with its first call. */
  readonly crash?: string;
}

/** What each worker holds. */
interface FaultyGlobal {
  faults: Faults;
  /** Bytes written to matching files. */
  written: number;
  /** Results read back. */
  results: number;
  /** Faults that came. */
  happened: number;
  /** Takes the graphics context away. */
  loseContext(): void;
}

/** Sets the faults of a tab's workers, of those that run and of those that will. */
export class FaultInjector {
  readonly #page: Page;
  #faults: Faults = {};

  private constructor(page: Page) {
    this.#page = page;
  }

  /** To be called before the tab opens the page. */
  static async in(page: Page, faults: Faults): Promise<FaultInjector> {
    const injector = new FaultInjector(page);
    injector.#faults = faults;
    await page.route(/\.worker-[^/]*\.js$/, async (route) => {
      const response = await route.fetch();
      const code = `(${replaceInWorker})(${JSON.stringify(injector.#faults)});`;
      await route.fulfill({ response, body: `${code}\n${await response.text()}` });
    });
    return injector;
  }

  /** Sets what fails from now on. */
  async set(faults: Faults): Promise<void> {
    this.#faults = faults;
    const set = (worker: Worker) =>
      worker.evaluate((now) => {
        Object.assign(globalThis, { faults: now, written: 0, results: 0 });
      }, faults);
    await Promise.allSettled(this.#page.workers().map(set));
  }

  /** Takes the graphics context of the separation away at once. */
  async loseContext(): Promise<void> {
    const worker = this.#page.workers().find((one) => one.url().includes('separation.worker'));
    await worker?.evaluate(() => (globalThis as unknown as FaultyGlobal).loseContext());
  }

  /** How often one of the workers that run has met a fault. */
  async happened(): Promise<number> {
    // A worker that only just starts has none.
    const count = (worker: Worker) =>
      worker.evaluate(() => (globalThis as unknown as Partial<FaultyGlobal>).happened ?? 0);
    const counts = await Promise.allSettled(this.#page.workers().map(count));
    return counts.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
  }
}

/** Runs in a worker before its script. */
function replaceInWorker(given: Faults): void {
  const own = globalThis as unknown as FaultyGlobal;
  const contexts: WebGL2RenderingContext[] = [];
  const devices: GPUDevice[] = [];
  Object.assign(own, {
    faults: given,
    written: 0,
    results: 0,
    happened: 0,
    loseContext: () => {
      for (const context of contexts) {
        if (context.isContextLost()) continue;
        context.getExtension('WEBGL_lose_context')?.loseContext();
        own.happened++;
      }
      for (const device of devices.splice(0)) {
        device.destroy();
        own.happened++;
      }
    },
  });

  addEventListener('message', () => {
    if (!own.faults.crash || !location.href.includes(own.faults.crash)) return;
    own.happened++;
    setTimeout(() => {
      throw new Error('killed by a test');
    });
  });

  /**
   * Takes note of bytes that a file is to take.
   * @param put writes so many of them
   */
  const fill = (file: string | undefined, on: 'write' | 'reserve', bytes: number, put?: (fitting: number) => void) => {
    const fault = own.faults.write;
    if (!fault || file === undefined || (fault.on ?? on) !== on || !new RegExp(fault.file).test(file)) return;
    const space = Math.max(0, (fault.after ?? 0) - own.written);
    own.written += bytes;
    if (bytes <= space) return;
    own.happened++;
    put?.(space);
    if (fault.stuck) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    throw new DOMException('No space, says a test.', 'QuotaExceededError');
  };

  interface SyncHandle {
    write(data: ArrayBufferView, options?: { at?: number }): number;
    truncate(size: number): void;
    getSize(): number;
  }
  interface Handles {
    FileSystemFileHandle: {
      prototype: FileSystemFileHandle & { createSyncAccessHandle(...given: unknown[]): Promise<SyncHandle> };
    };
    FileSystemSyncAccessHandle: { prototype: SyncHandle };
  }
  const { FileSystemFileHandle, FileSystemSyncAccessHandle, FileSystemWritableFileStream, Cache } =
    globalThis as unknown as Handles & typeof globalThis;
  const files = new WeakMap<object, string>();
  const { createSyncAccessHandle, createWritable } = FileSystemFileHandle.prototype;
  FileSystemFileHandle.prototype.createSyncAccessHandle = async function (...options) {
    const handle = await createSyncAccessHandle.apply(this, options);
    files.set(handle, this.name);
    return handle;
  };
  FileSystemFileHandle.prototype.createWritable = async function (...options) {
    const stream = await createWritable.apply(this, options);
    files.set(stream, this.name);
    return stream;
  };
  const access = FileSystemSyncAccessHandle.prototype;
  const { write: writeBytes, truncate } = access;
  access.write = function (data, options) {
    const { buffer, byteOffset, byteLength } = data;
    const put = (fitting: number) => writeBytes.call(this, new Uint8Array(buffer, byteOffset, fitting), options);
    fill(files.get(this), 'write', byteLength, put);
    return writeBytes.call(this, data, options);
  };
  access.truncate = function (size) {
    fill(files.get(this), 'reserve', Math.max(0, size - this.getSize()));
    truncate.call(this, size);
  };
  const { write: writeStream } = FileSystemWritableFileStream.prototype;
  FileSystemWritableFileStream.prototype.write = async function (data) {
    fill(files.get(this), 'write', (data as { data: ArrayBufferView }).data.byteLength);
    await writeStream.call(this, data);
  };
  const { put } = Cache.prototype;
  Cache.prototype.put = async function (request, response) {
    fill(String(request), 'write', 1);
    await put.call(this, request, response);
  };

  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...kind: Parameters<typeof getContext>) {
    const context = getContext.apply(this, kind);
    if (context instanceof WebGL2RenderingContext) contexts.push(context);
    return context;
  } as typeof getContext;
  const countResult = () => {
    own.results++;
    if (!own.faults.context || own.results <= own.faults.context.after) return;
    own.faults = { ...own.faults, context: undefined };
    own.loseContext();
  };
  const { fenceSync } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.fenceSync = function (condition, flags) {
    const result = fenceSync.call(this, condition, flags);
    countResult();
    return result;
  };
  if (!('gpu' in navigator)) return;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = async function (mode, offset, size) {
    const mapped = mapAsync.call(this, mode, offset, size);
    countResult();
    await mapped;
  };
}
