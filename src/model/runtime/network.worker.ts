import { exposeEngine } from '../../core/expose-engine.ts';
import { portFromPage } from '../../core/page-started-worker.ts';
import { prepareWasm } from './backend-wasm.browser.ts';
import { createNetworkEngine } from './network-engine.ts';

// The script of a worker that the page starts for the separation worker. It is one of several, so it has one thread.
void portFromPage().then((port) =>
  exposeEngine(
    createNetworkEngine(() => prepareWasm(false)),
    port,
  ),
);
