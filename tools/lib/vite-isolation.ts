import type { Connect, Plugin } from 'vite';

/** Cross-origin isolation gives the page SharedArrayBuffer: one copy of a song for page, worker and player. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Sends the headers of cross-origin isolation with each answer of Vite's servers. Vite's own option `headers` leaves them
 * out of “304 Not Modified”: WebKit then takes the script of a worker for one without them, and does not start it.
 */
export function isolation(): Plugin {
  const send: Connect.NextHandleFunction = (_, response, next) => {
    for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
    next();
  };
  return {
    name: 'isolation',
    configureServer: ({ middlewares }) => void middlewares.use(send),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(send),
  };
}
