import { expect } from 'vitest';
import type { AudioTrack } from '../../src/audio/decode/song-stream.ts';
import { AudioDecodeError } from '../../src/core/errors.ts';
import { Scope } from '../../src/core/scope.ts';
import type { ArchiveChange } from '../../src/songs/archive/archive-client.ts';
import type { KnownSong } from '../../src/songs/same-song.ts';
import { SongController } from '../../src/songs/song-controller.ts';
import type { SongControllerOptions } from '../../src/songs/song-controller-options.ts';
import type { SongEntry } from '../../src/songs/song-entry.ts';
import type { SongEnvironment } from '../../src/songs/song-environment.ts';
import type { SongNotice } from '../../src/songs/song-events.ts';
import { FakeBrowser } from './fake-browser.ts';
import { FakeSeparator, RATE, soundOf } from './fake-separator.ts';

let pages = 0;

/** A page with songs, without DOM: the test controls time, decoding and separation. */
export class FakePage {
  readonly browser: FakeBrowser;
  readonly separator = new FakeSeparator();
  readonly songs: SongController;
  readonly environment: SongEnvironment;
  readonly notices: SongNotice[] = [];
  /** Names of songs that ended, as announced. */
  readonly ended: string[] = [];
  /** Start samples of the emitted chunks of the open song. */
  readonly chunks: number[] = [];
  /** Decoding waits for this promise. */
  decodeGate: Promise<void> = Promise.resolve();
  /** Files, or tracks of them, that were decoded, by their letters. */
  readonly decoded: string[] = [];
  /** Letters of tracks that cannot be decoded. */
  readonly unreadable = new Set<string>();
  readonly #leave: () => void;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];
  #now = 0;
  #onHidden: () => void = () => undefined;

  constructor(
    browser = new FakeBrowser(),
    options: Pick<SongControllerOptions, 'openLongSong' | 'openArchived' | 'readTags'> = {},
  ) {
    this.browser = browser;
    const page = pages++;
    let made = 0;
    const member = {
      onArchive: (change: ArchiveChange) => this.#onArchive(change),
      onSetting: (name: string) => this.#onSetting(name),
    };
    this.#leave = browser.join(member);
    const environment: SongEnvironment = {
      now: () => this.#now,
      timeout: (callback, milliseconds) => {
        const timer = { at: this.#now + milliseconds, callback };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
      newId: () => `${String(1000 * page + made++).padStart(8, '0')}-song`,
      readSetting: (name) => browser.settings.get(name),
      writeSetting: (name, value) => browser.writeSetting(member, name, value),
      onOthersSetting: (callback) => {
        this.#onSetting = callback;
      },
      onHidden: (callback) => {
        this.#onHidden = callback;
      },
      locks: browser.locks.of(this),
      estimate: async () => ({ quota: 1000, usage: 400 }),
      persist: async () => undefined,
    };
    this.environment = environment;
    this.songs = new SongController(new Scope(), {
      client: this.separator,
      decode: async (file, name, { track } = {}) => {
        await this.decodeGate;
        const text = await file.text();
        const tracks = tracksOf(text);
        const letter = tracks ? text[track ?? text.length - 1] : text;
        this.decoded.push(letter);
        if (letter === 'broken' || this.unreadable.has(letter)) throw new AudioDecodeError('audio.not-audio', { name });
        return { ...soundOf(letter), tracks };
      },
      ...options,
      archive: (onOthers) => {
        this.#onArchive = onOthers;
        return browser.link(member);
      },
      environment,
    });
    this.songs.on('notice', (notice) => this.notices.push(notice));
    this.songs.on('ended', (song) => this.ended.push(nameOf(song)));
    this.songs.on('chunk', (_, chunk) => this.chunks.push(chunk.start));
  }

  #onArchive: (change: ArchiveChange) => void = () => undefined;
  #onSetting: (name: string) => void = () => undefined;

  /** Drops songs on the page: the file “A.mp3” holds the letter A. “AB.mp3” has two tracks: see tracksOf. */
  add(...letters: readonly string[]): Promise<void> {
    return this.songs.add(letters.map((letter) => ({ fileName: `${letter}.mp3`, file: new Blob([letter]) })));
  }

  /**
   * How the songs stand: “A:kept B:separating 33 C:waiting”; the open one has a star, one that is listened for an
   * arrow.
   */
  get states(): string {
    const { rows } = this.songs.state;
    return rows.map(({ song, open }) => `${nameOf(song)}${open ? '*' : ''}:${stateOf(song)}`).join(' ');
  }

  /** Waits until the songs have these states. */
  async until(states: string): Promise<void> {
    await expect.poll(() => this.states, { timeout: 10_000, interval: 5 }).toBe(states);
  }

  /** The last song of that name. */
  song(name: string): KnownSong {
    const found = this.songs.state.rows.map(({ song }) => song).findLast((song) => nameOf(song) === name);
    if (!found || found.kind === 'damaged') throw new Error(`There is no song ${name}: ${this.states}`);
    return found;
  }

  id(name: string): string {
    return this.song(name).id;
  }

  /** Advances the clock. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }

  /** Hides the page, as when the user switches tabs. */
  hide(): void {
    this.#onHidden();
  }

  /** Closes the page as a browser does: nothing of it runs any longer, and its locks are released. */
  close(): void {
    this.#leave();
    this.browser.locks.close(this);
  }

  /** Names in the archive. */
  async archived(): Promise<readonly string[]> {
    const entries = (await this.browser.link(this).list()) ?? [];
    return entries.map(({ song }) => song?.name ?? '?');
  }

  /** Names of the pending files. */
  async pending(): Promise<readonly string[]> {
    return (await this.browser.link(this).listPending()).map(({ fileName }) => fileName);
  }
}

/** The tracks of a file that holds several capitals, one for each letter: the last one is the default. */
export function tracksOf(text: string): readonly AudioTrack[] | undefined {
  if (!/^[A-Z]{2,}$/.test(text)) return undefined;
  return [...text].map((title, index) => ({
    index,
    codec: 'aac',
    sampleRate: RATE,
    channels: 1,
    title,
    isDefault: index === text.length - 1,
  }));
}

const nameOf = (song: SongEntry): string => (song.kind === 'damaged' ? '?' : song.name);

function stateOf(song: SongEntry): string {
  if (song.kind === 'separating') return `separating ${Math.floor(100 * song.part)}`;
  return song.kind === 'done' ? song.archive.kind : song.kind;
}

/** A promise and the way to end it. */
export function gate(): { readonly ended: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { ended, open };
}
