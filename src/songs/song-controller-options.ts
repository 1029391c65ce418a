import type { SongTools } from './separate-song.ts';
import type { SongPersistenceOptions } from './song-persistence.ts';
import type { TagReaderOptions } from './tags/tag-reader.ts';

/** What the songs work with. */
export interface SongControllerOptions
  extends Omit<SongTools, 'now'>,
    Pick<SongPersistenceOptions, 'archive' | 'environment' | 'openArchived' | 'secondsOf'>,
    Pick<TagReaderOptions, 'readTags'> {}
