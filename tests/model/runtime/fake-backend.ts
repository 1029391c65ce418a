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
  /** The backend has a graphics context of this driver. */
  readonly renderer?: string;
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

class FakeGraphics {
  readonly canvas = new EventTarget();
  readonly #renderer: string;
  #lost = false;

  constructor(renderer: string) {
    this.#renderer = renderer;
  }

  lose(): void {
    this.#lost = true;
    this.canvas.dispatchEvent(new Event('webglcontextlost'));
  }

  isContextLost(): boolean {
    return this.#lost;
  }

  getExtension(name: string) {
    return name === 'WEBGL_debug_renderer_info' ? { UNMASKED_RENDERER_WEBGL: 1 } : null;
  }

  getParameter(): string {
    return this.#renderer;
  }
}

class FakeBackend extends MathBackendCPU {
  readonly gpgpu?: { readonly gl: FakeGraphics };

  constructor(renderer?: string) {
    super();
    if (renderer !== undefined) this.gpgpu = { gl: new FakeGraphics(renderer) };
  }
}

/** Makes the current fake backend lose its graphics context. */
export function loseContext(): void {
  (tf.backend() as unknown as FakeBackend).gpgpu!.gl.lose();
}

/** Registers a TF.js backend until the test ends. It computes like the JavaScript backend, changed by `behaviour`. */
export function fakeBackend(name: string, behaviour: FakeBehaviour = {}): void {
  behave(name, behaviour);
  calls.set(name, 0);
  tf.registerBackend(name, () => new FakeBackend(behaviour.renderer));
  onTestFinished(() => tf.removeBackend(name));
  if (tf.getKernel('FusedConv2D', name)) return;
  tf.copyRegisteredKernels('cpu', name);
  const honest = tf.getKernel('FusedConv2D', 'cpu');
  tf.unregisterKernel('FusedConv2D', name);
  tf.registerKernel({
    ...honest,
    backendName: name,
    kernelFunc(params) {
      const { ms = 0, error = 0, failure } = behaviours.get(name)!;
      calls.set(name, callsOf(name) + 1);
      clock.ms += ms;
      if (failure) throw new Error(failure);
      const output = honest.kernelFunc(params) as tf.TensorInfo;
      const { values } = (params.backend as MathBackendCPU).data.get(output.dataId);
      if (error !== 0) (values as Float32Array).set((values as Float32Array).map((value) => value + error));
      return output;
    },
  });
}
