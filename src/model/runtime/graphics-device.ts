import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../../core/errors.ts';

/** What the current backend computes with, if that is a graphics card. */
export interface GraphicsDevice {
  /** As the browser calls it; empty where it does not say. */
  readonly name: string;
  /** It computes on the processor. */
  readonly isSoftware: boolean;
  /** It cannot compute until its backend is reset. */
  readonly isLost: boolean;
  /**
   * Watches over a computation. TF.js does not: with a lost device it waits for ever, and after an error, such as one
   * of memory, it goes on with zeros.
   *
   * @param compute gives all its commands before it waits
   * @throws BackendError when the device is lost or has reported an error; whatever `compute` throws
   */
  watch<T>(compute: () => Promise<T>): Promise<T>;
}

/** The device of the current backend; undefined where it has none. */
export function graphicsDevice(): GraphicsDevice | undefined {
  // Of MathBackendWebGL (tfjs-backend-webgl/src/backend_webgl.ts) and of WebGPUBackend
  // (tfjs-backend-webgpu/src/backend_webgpu.ts); not in the type that all backends share.
  const backend = tf.backend() as unknown as {
    readonly gpgpu?: { readonly gl?: GraphicsContext };
    readonly device?: GPUDevice;
    readonly adapterInfo?: Pick<GPUAdapterInfo, 'vendor' | 'architecture'>;
  } | null;
  if (backend?.gpgpu?.gl) return new WebGlDevice(backend.gpgpu.gl);
  if (backend?.device) return new WebGpuDevice(backend.device, backend.adapterInfo);
  return undefined;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|\bwarp\b/i;

/** The packages declare different types for the context's canvas. */
type GraphicsContext = WebGL2RenderingContext & { readonly canvas: EventTarget };

class WebGlDevice implements GraphicsDevice {
  readonly #gl: GraphicsContext;

  constructor(gl: GraphicsContext) {
    this.#gl = gl;
  }

  get name(): string {
    const info = this.#gl.getExtension('WEBGL_debug_renderer_info');
    const name: unknown = info && this.#gl.getParameter(info.UNMASKED_RENDERER_WEBGL);
    return typeof name === 'string' ? name : '';
  }

  get isSoftware(): boolean {
    return SOFTWARE.test(this.name);
  }

  get isLost(): boolean {
    return this.#gl.isContextLost();
  }

  async watch<T>(compute: () => Promise<T>): Promise<T> {
    // Errors from before are none of this computation.
    this.#takeError();
    const result = await unlessLost(this, compute(), this.#gl.canvas, 'webglcontextlost');
    const error = this.#takeError();
    if (error !== undefined) throw new BackendError('backend.device-error', { detail: error });
    return result;
  }

  /** Takes all errors that are noted; gives the first one. */
  #takeError(): string | undefined {
    const gl = this.#gl;
    const first = gl.getError();
    if (first === gl.NO_ERROR || gl.isContextLost()) return undefined;
    while (gl.getError() !== gl.NO_ERROR);
    return first === gl.OUT_OF_MEMORY ? 'OUT_OF_MEMORY' : `0x${first.toString(16)}`;
  }
}

/** Aborted once the device is lost. The promise `device.lost` would keep the result of each run that it is raced with. */
const losses = new WeakMap<GPUDevice, AbortController>();

class WebGpuDevice implements GraphicsDevice {
  readonly #device: GPUDevice;
  readonly #loss: AbortController;
  readonly #info: Partial<GPUAdapterInfo>;

  /** @param info for browsers whose device does not say it */
  constructor(device: GPUDevice, info: Partial<GPUAdapterInfo> = {}) {
    this.#device = device;
    this.#info = device.adapterInfo ?? info;
    this.#loss = losses.get(device) ?? lossOf(device);
  }

  get name(): string {
    const { vendor, architecture, device, description } = this.#info;
    return [vendor, architecture, device, description].filter(Boolean).join(' ');
  }

  get isSoftware(): boolean {
    return this.#info.isFallbackAdapter === true || SOFTWARE.test(this.name);
  }

  get isLost(): boolean {
    return this.#loss.signal.aborted;
  }

  async watch<T>(compute: () => Promise<T>): Promise<T> {
    const scopes = ['validation', 'out-of-memory', 'internal'] as const;
    for (const scope of scopes) this.#device.pushErrorScope(scope);
    let errors: Promise<(GPUError | null)[]>;
    let result: Promise<T>;
    try {
      result = compute();
    } finally {
      // At once: another computation may begin while this one is waited for.
      errors = Promise.all(scopes.map(() => this.#device.popErrorScope().catch(() => null)));
    }
    const work = Promise.all([result, errors]).catch((error: unknown) => {
      // What waits for a lost device is aborted before the device says that it is lost.
      if (error instanceof DOMException && error.name === 'AbortError') this.#loss.abort();
      throw error;
    });
    const [value, found] = await unlessLost(this, work, this.#loss.signal, 'abort');
    const error = found.find((one) => one !== null);
    if (error) throw new BackendError('backend.device-error', { detail: error.message });
    return value;
  }
}

function lossOf(device: GPUDevice): AbortController {
  const loss = new AbortController();
  losses.set(device, loss);
  void device.lost.then(() => loss.abort());
  return loss;
}

/**
 * What `work` gives.
 *
 * @param target tells with the event when the device is lost
 * @throws BackendError when the device is lost
 */
async function unlessLost<T>(
  device: Pick<GraphicsDevice, 'isLost'>,
  work: Promise<T>,
  target: EventTarget,
  event: string,
): Promise<T> {
  const done = new AbortController();
  const lost = new Promise<never>((_, reject) => {
    const fail = () => reject(new BackendError('backend.context-lost'));
    if (device.isLost) fail();
    target.addEventListener(event, fail, { signal: done.signal });
  });
  try {
    const result = await Promise.race([work, lost]);
    // A device that was lost just now may have given zeros.
    if (device.isLost) return await lost;
    return result;
  } catch (error) {
    // What was interrupted may be heard of first.
    throw device.isLost ? new BackendError('backend.context-lost') : error;
  } finally {
    done.abort();
  }
}
