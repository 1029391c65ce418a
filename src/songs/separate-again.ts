import { defaultTrack } from '../audio/decode/song-stream.ts';
import { sameSong } from './same-song.ts';
import { isUnfinished, type WaitingSong } from './song-entry.ts';
import type { SongAdditions } from './song-intake.ts';
import { anotherEntry } from './song-transitions.ts';
import type { OpenSong } from './songs-state.ts';

/** What separating a song again works with. */
export interface SeparateAgainOptions extends SongAdditions {
  readonly open: () => OpenSong | undefined;
  readonly remove: (id: string) => Promise<void>;
}

/** Separates the open song again, as another entry of the list. The open entry stays open until the new one plays. */
export class SeparateAgain {
  readonly #options: SeparateAgainOptions;
  /** The last call of chooseTrack. */
  #choice = 0;

  constructor(options: SeparateAgainOptions) {
    this.#options = options;
  }

  /** See SongController. */
  async again(): Promise<boolean> {
    const { songs, keys, client, open, newId, listen, onAttempt } = this.#options;
    const before = open();
    if (!before) return false;
    onAttempt();
    const others = [...songs.values()].filter(({ id, kind }) => kind === 'done' && id !== before.song.id);
    const same = await sameSong(before.song, client, others, keys);
    if (open()?.storage !== before.storage) return false;
    if (same) {
      await listen(same.id);
      return false;
    }
    const song = anotherEntry(newId(), before.song, before.storage);
    if (song) this.#start(song, before);
    return song !== undefined;
  }

  /** See SongController. */
  async chooseTrack(index: number): Promise<void> {
    const { songs, queue, keys, client, open, newId, listen, retry, remove, onAttempt } = this.#options;
    const before = open();
    const choice = ++this.#choice;
    if (!before?.tracks.some((track) => track.index === index) || before.track === index) return;
    onAttempt();
    const isDefault = defaultTrack(before.tracks)?.index === index;
    // Another track has other samples: it is decoded anew.
    const entry = anotherEntry(newId(), before.song, undefined);
    if (!entry) return;
    const song: WaitingSong = { ...entry, track: isDefault ? undefined : index };
    const same = await sameSong(song, client, [...songs.values()], keys);
    if (choice !== this.#choice || open()?.storage !== before.storage) return;
    // One that was chosen on the way to this one, as with the arrow keys, and of which nothing is decoded.
    const passed = songs.get(this.#options.listening.focus ?? '');
    if (isUnfinished(passed) && passed.id !== before.song.id && passed.sourceId === song.sourceId && !passed.madeWith) {
      void remove(passed.id);
    }
    if (!same) {
      this.#start(song, before);
      return;
    }
    if (same.id !== before.song.id) queue.cancel(before.song.id);
    await listen(same.id);
    // The choice of another track had ended its separation.
    retry(same.id);
  }

  #start(song: WaitingSong, before: OpenSong): void {
    const { songs, queue, listening, keepFile } = this.#options;
    queue.cancel(before.song.id);
    songs.set(song.id, song);
    listening.focus = song.id;
    queue.add([song.id]);
    keepFile(song);
  }
}
