import { parentPort } from 'node:worker_threads';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { exposeEngine } from '../../src/core/expose-engine.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { createNetworkEngine } from '../../src/model/runtime/network-engine.ts';

// The script of a thread that network-threads.ts starts.
const page = nodeEndpoint(parentPort as unknown as NodeEndpoint);
exposeEngine(createNetworkEngine(prepareBackends), page, undefined);
