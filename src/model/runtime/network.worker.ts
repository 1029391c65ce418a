import * as tf from '@tensorflow/tfjs-core';
import * as Comlink from 'comlink';
import { exposeEngine } from '../../core/expose-engine.ts';
import { prepareBackends } from './backend.browser.ts';
import { createNetworkEngine, type NetworkEngine } from './network-engine.ts';

const engine = createNetworkEngine(() => {
  prepareBackends();
  // One of several workers that compute at once.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
});

exposeEngine({
  ...engine,
  async run(...input) {
    const output = await engine.run(...input);
    return Comlink.transfer(output, [output.buffer as ArrayBuffer]);
  },
} satisfies NetworkEngine);
