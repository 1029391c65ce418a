import { parentPort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { exposeEngine } from '../../src/core/expose-engine.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { createNetworkEngine, type NetworkEngine } from '../../src/model/runtime/network-engine.ts';

// The script of a thread that network-threads.ts starts.
const engine = createNetworkEngine(prepareBackends);

exposeEngine(
  {
    ...engine,
    async run(...input) {
      const output = await engine.run(...input);
      return Comlink.transfer(output, [output.buffer as ArrayBuffer]);
    },
  } satisfies NetworkEngine,
  nodeEndpoint(parentPort as unknown as NodeEndpoint),
  undefined,
);
