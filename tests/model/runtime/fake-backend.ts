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
  /** Gives the backend a graphics context of this driver. */
  readonly renderer?: string;
}

const behaviours = new Map<string, FakeBehaviour>();
const calls = new Map<string, number>();

/** The time that fake backends take. */
export const clock = { ms: 0 };

/** Convolutions that a fake backend has done in this test. */
export function callsOf(name: string): number {
  return calls.get(name) ?? 0;
}

/** Changes what a fake backend does. */
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

/** Takes the graphics context away from the fake backend in use. */
export function loseContext(): void {
  (tf.backend() as unknown as FakeBackend).gpgpu!.gl.lose();
}

/** A TF.js backend that computes as the plain JavaScript one does, but for what `behaviour` says, until the test ends. */
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
