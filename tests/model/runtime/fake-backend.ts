import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { onTestFinished } from 'vitest';

export interface FakeBehaviour {
  /** Added to the clock by every convolution. */
  readonly ms?: number;
  /** Added to the values of every convolution. */
  readonly error?: number;
  /** Makes every convolution fail. */
  readonly failure?: string;
  /** The graphics device notes this error at every convolution, and the values are zeros; nothing is thrown. */
  readonly deviceError?: string;
  /** The backend has a WebGL context of this driver. */
  readonly renderer?: string;
  /** The backend has a WebGPU device of such an adapter. */
  readonly adapter?: Partial<GPUAdapterInfo>;
}

const behaviours = new Map<string, FakeBehaviour>();
const calls = new Map<string, number>();

/** The clock of the fake backends. */
export const clock = { ms: 0 };

/** Convolutions of the fake backends in this test. */
export function callsOf(name: string): number {
  return calls.get(name) ?? 0;
}

/** Changes the behaviour of a fake backend. */
export function behave(name: string, behaviour: FakeBehaviour): void {
  behaviours.set(name, behaviour);
}

/** What the fake backends use of a device. */
interface FakeDevice {
  lose(): void;
  noteError(message: string): void;
}

class FakeContext implements FakeDevice {
  readonly NO_ERROR = 0;
  readonly OUT_OF_MEMORY = 1285;
  readonly canvas = new EventTarget();
  readonly #renderer: string;
  #lost = false;
  #error = this.NO_ERROR;

  constructor(renderer: string) {
    this.#renderer = renderer;
  }

  lose(): void {
    this.#lost = true;
    this.canvas.dispatchEvent(new Event('webglcontextlost'));
  }

  noteError(): void {
    this.#error = this.OUT_OF_MEMORY;
  }

  isContextLost(): boolean {
    return this.#lost;
  }

  getError(): number {
    const error = this.#error;
    this.#error = this.NO_ERROR;
    return error;
  }

  getExtension(name: string) {
    return name === 'WEBGL_debug_renderer_info' ? { UNMASKED_RENDERER_WEBGL: 1 } : null;
  }

  getParameter(): string {
    return this.#renderer;
  }
}

class FakeGpuDevice implements FakeDevice {
  readonly adapterInfo: Partial<GPUAdapterInfo>;
  readonly lost: Promise<object>;
  readonly #scopes: { readonly filter: string; error: { readonly message: string } | null }[] = [];
  #lose: (info: object) => void = () => undefined;

  constructor(adapterInfo: Partial<GPUAdapterInfo>) {
    this.adapterInfo = adapterInfo;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  lose(): void {
    this.#lose({ reason: 'unknown' });
  }

  noteError(message: string): void {
    const scope = this.#scopes.findLast(({ filter }) => filter === 'out-of-memory');
    if (scope) scope.error ??= { message };
  }

  pushErrorScope(filter: string): void {
    this.#scopes.push({ filter, error: null });
  }

  async popErrorScope() {
    const scope = this.#scopes.pop();
    if (!scope) throw new Error('There is no error scope.');
    return scope.error;
  }
}

class FakeBackend extends MathBackendCPU {
  readonly gpgpu?: { readonly gl: FakeContext };
  readonly device?: FakeGpuDevice;
  abortsReads = false;

  constructor({ renderer, adapter }: FakeBehaviour) {
    super();
    if (renderer !== undefined) this.gpgpu = { gl: new FakeContext(renderer) };
    if (adapter !== undefined) this.device = new FakeGpuDevice(adapter);
  }

  /** As WebGPU does with a lost device, before it says that the device is lost. */
  override async read(dataId: object) {
    if (this.abortsReads) throw new DOMException('unmapped', 'AbortError');
    return await super.read(dataId);
  }

  get graphics(): FakeDevice | undefined {
    return this.gpgpu?.gl ?? this.device;
  }
}

/** Makes the current fake backend lose its graphics device. */
export function loseDevice(): void {
  (tf.backend() as FakeBackend).graphics!.lose();
}

/** Makes the current fake backend abort what is read, as a lost device does. */
export function abortReads(): void {
  (tf.backend() as FakeBackend).abortsReads = true;
}

/** Registers a TF.js backend until the test ends. It computes like the JavaScript backend, changed by `behaviour`. */
export function fakeBackend(name: string, behaviour: FakeBehaviour = {}): void {
  behave(name, behaviour);
  calls.set(name, 0);
  tf.registerBackend(name, () => new FakeBackend(behaviour));
  onTestFinished(() => tf.removeBackend(name));
  if (tf.getKernel('FusedConv2D', name)) return;
  tf.copyRegisteredKernels('cpu', name);
  const honest = tf.getKernel('FusedConv2D', 'cpu');
  tf.unregisterKernel('FusedConv2D', name);
  tf.registerKernel({
    ...honest,
    backendName: name,
    kernelFunc(params) {
      const { ms = 0, error = 0, failure, deviceError } = behaviours.get(name)!;
      calls.set(name, callsOf(name) + 1);
      clock.ms += ms;
      if (failure) throw new Error(failure);
      const output = honest.kernelFunc(params) as tf.TensorInfo;
      const { values } = (params.backend as MathBackendCPU).data.get(output.dataId);
      if (deviceError !== undefined) {
        (params.backend as FakeBackend).graphics!.noteError(deviceError);
        (values as Float32Array).fill(0);
      }
      if (error !== 0) (values as Float32Array).set((values as Float32Array).map((value) => value + error));
      return output;
    },
  });
}
