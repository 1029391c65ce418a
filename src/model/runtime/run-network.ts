import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../../core/errors.ts';
import type { FusedNetwork } from '../graph/compile-fused.ts';
import type { NetworkShape } from '../network-shape.ts';

/**
 * Runs networks on plain arrays. Leaves no tensor behind, also when one fails.
 *
 * @param values [n, bins, frames, channels], as the networks take them
 * @returns their outputs, in the same layout
 * @throws BackendError when the graphics context is lost; whatever TF.js throws when the backend fails
 */
export async function runNetworks(
  networks: readonly FusedNetwork[],
  values: Float32Array,
  n: number,
  { bins, frames, channels }: NetworkShape,
): Promise<readonly Float32Array[]> {
  const input = tf.tensor4d(values, [n, bins, frames, channels]);
  try {
    const outputs: Float32Array[] = [];
    for (const network of networks) {
      const output = network.predict(input);
      try {
        outputs.push(await readTensor(output));
      } finally {
        output.dispose();
      }
    }
    return outputs;
  } finally {
    input.dispose();
  }
}

/** Reads the values of a tensor. With a lost graphics context TF.js would wait for ever, so this throws. */
async function readTensor(tensor: tf.Tensor): Promise<Float32Array> {
  const gl = graphicsContext();
  if (!gl) return (await tensor.data()) as Float32Array;
  const done = new AbortController();
  const lost = new Promise<never>((_, reject) => {
    const fail = () => reject(new BackendError('backend.context-lost'));
    if (gl.isContextLost()) fail();
    gl.canvas.addEventListener('webglcontextlost', fail, { signal: done.signal });
  });
  try {
    const values = (await Promise.race([tensor.data(), lost])) as Float32Array;
    // A context that was lost just now may have given zeros.
    if (gl.isContextLost()) return await lost;
    return values;
  } finally {
    done.abort();
  }
}

/** Whether the current backend has lost its graphics context; it cannot compute until it is reset. */
export function contextIsLost(): boolean {
  return graphicsContext()?.isContextLost() ?? false;
}

/** The packages declare different types for the context's canvas. */
type GraphicsContext = WebGL2RenderingContext & { readonly canvas: EventTarget };

function graphicsContext(): GraphicsContext | undefined {
  // Of MathBackendWebGL, in tfjs-backend-webgl/src/backend_webgl.ts; not in the type that all backends share.
  return (tf.backend() as unknown as { gpgpu?: { gl?: GraphicsContext } } | null)?.gpgpu?.gl;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** The name of the backend's graphics driver when it computes on the processor, where it says so; else undefined. */
export function softwareRenderer(): string | undefined {
  const gl = graphicsContext();
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info && gl?.getParameter(info.UNMASKED_RENDERER_WEBGL);
  return typeof name === 'string' && SOFTWARE.test(name) ? name : undefined;
}
