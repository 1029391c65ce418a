import * as tf from '@tensorflow/tfjs-core';

/** Whether the browser has WebGPU. Whether it finds a graphics card shows when the backend starts. */
export function hasWebGpu(): boolean {
  return 'gpu' in navigator;
}

/** Registers TF.js's WebGPU backend, if the browser has WebGPU. Its code is loaded when it starts on a graphics card. */
export function prepareWebGpu(): void {
  if (hasWebGpu()) tf.registerBackend('webgpu', startWebGpu);
}

async function startWebGpu(): Promise<tf.KernelBackend> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('WebGPU finds no graphics card.');
  const { createWebGpuBackend } = await import('./create-webgpu-backend.browser.ts');
  return createWebGpuBackend(adapter);
}
