import { readTags } from '../../audio/tags/read-tags.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { coverThumbnail } from './cover-thumbnail.browser.ts';
import { nameByTags } from './shown-tags.ts';
import type { TagsEngine } from './tags-engine.ts';

const engine: TagsEngine = {
  async read(file) {
    const { cover, ...tags } = await readTags(file);
    return { name: nameByTags(tags), cover: cover && (await coverThumbnail(cover)) };
  },
};

exposeEngine(engine);
