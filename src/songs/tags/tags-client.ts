import type { Scope } from '../../core/scope.ts';
import { WorkerBridge } from '../../core/worker-bridge.ts';
import type { ShownTags } from './shown-tags.ts';
import type { TagsEngine } from './tags-engine.ts';

/** Milliseconds without a song after which the worker ends. */
const IDLE_MS = 10_000;

/**
 * Reads tags in a worker that starts with the first song.
 *
 * @example
 * const { name } = await new TagsClient(scope).read(file);
 */
export class TagsClient {
  readonly #bridge: WorkerBridge<TagsEngine>;

  constructor(scope: Scope) {
    const start = () => new Worker(new URL('./tags.worker.ts', import.meta.url), { type: 'module', name: 'tags' });
    this.#bridge = new WorkerBridge(start, { idleMs: IDLE_MS });
    scope.add(() => this.#bridge.dispose());
  }

  /** What the page shows of a file's tags. @throws WorkerCrashedError */
  read(file: Blob): Promise<ShownTags> {
    return this.#bridge.engine.read(file);
  }
}
