import type { ShownTags } from './shown-tags.ts';

/** What the worker offers: tags.worker.ts. */
export interface TagsEngine {
  /** What the page shows of a file's tags. */
  read(file: Blob): Promise<ShownTags>;
}
