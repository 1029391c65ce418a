// TF.js's parts, without the package's entry: it registers a backend itself, and ours is registered before it is loaded.
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu.js';
import '@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels.js';

/** What the adapter has, and devices have not unless they are asked for it. */
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
] as const;

/** TF.js's backend on a device of this adapter. @throws whatever the browser throws when it gives no device */
export async function createWebGpuBackend(adapter: GPUAdapter): Promise<WebGPUBackend> {
  const { info, limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
  });
  return new WebGPUBackend(device, info);
}
