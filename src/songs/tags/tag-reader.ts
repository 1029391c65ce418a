import type { SongEntry } from '../song-entry.ts';
import type { ShownTags } from './shown-tags.ts';

/** Reads what the page shows of a song's tags; undefined: its file's name stays its name. */
export type ReadShownTags = (file: Blob, fileName: string) => Promise<ShownTags | undefined>;

/** What reading tags works with. */
export interface TagReaderOptions {
  readonly songs: Map<string, SongEntry>;
  /** Default: songs keep the names of their files. */
  readonly readTags?: ReadShownTags;
  readonly onChange: () => void;
}

/** Gives the songs the names and covers of their tags: one file after the other, each once. */
export class TagReader {
  readonly #options: TagReaderOptions;
  readonly #reads = new Map<string, Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: TagReaderOptions) {
    this.#options = options;
  }

  /** Reads a song's tags. Never rejects: a file that cannot be read has none. */
  read({ id, fileName }: { readonly id: string; readonly fileName: string }, file: Blob): Promise<void> {
    const known = this.#reads.get(id);
    if (known) return known;
    const read = this.#last.then(() => this.#read(id, fileName, file));
    this.#last = read;
    this.#reads.set(id, read);
    return read;
  }

  /** Resolves when a song has the name and the cover of its tags, if it was to be read at all. */
  async settled(id: string): Promise<void> {
    await this.#reads.get(id);
  }

  async #read(id: string, fileName: string, file: Blob): Promise<void> {
    const { songs, readTags, onChange } = this.#options;
    const tags = await readTags?.(file, fileName).catch(() => undefined);
    const song = songs.get(id);
    if (!song || song.kind === 'damaged' || (!tags?.name && !tags?.cover)) return;
    songs.set(id, { ...song, name: tags.name ?? song.name, cover: tags.cover });
    onChange();
  }
}
