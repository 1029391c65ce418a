import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';

/** Runs the tests of the file on wasm, and those after them on the backend of before. */
export function useWasm(): void {
  let before: string | undefined;

  beforeAll(async () => {
    before = tf.getBackend();
    prepareBackends();
    await tf.setBackend('wasm');
  });

  afterAll(async () => {
    await tf.setBackend(before ?? 'cpu');
  });
}
