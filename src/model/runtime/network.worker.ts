import { exposeEngine } from '../../core/expose-engine.ts';
import { prepareWasm } from './backend-wasm.browser.ts';
import { createNetworkEngine } from './network-engine.ts';

// The script of a worker that network-workers.browser.ts starts. It is one of several, so it has one thread.
exposeEngine(createNetworkEngine(() => prepareWasm(false)));
