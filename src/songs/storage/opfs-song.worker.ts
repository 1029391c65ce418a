import { exposeEngine } from '../../core/expose-engine.ts';
import { decodeToOpfs } from './opfs-decode.ts';
import type { OpfsSongEngine } from './opfs-song-engine.ts';
import { openSongFiles } from './opfs-song-files.ts';
import { createOpfsSongServer } from './opfs-song-server.ts';

const server = createOpfsSongServer(openSongFiles);
const closing = new AbortController();
let decoding: Promise<unknown> = Promise.resolve();

const engine: OpfsSongEngine = {
  ...server,

  decode(folder, file, name, onProgress, track, space) {
    const result = decodeToOpfs({ folder, file, name, onProgress, track, space, signal: closing.signal });
    decoding = result.catch(() => undefined);
    return result;
  },

  async close() {
    closing.abort(new DOMException('The song was closed.', 'AbortError'));
    await decoding;
    await server.close();
  },
};

exposeEngine(engine);
