import { Emitter } from '../core/emitter.ts';
import type { AddressBar } from './address-bar.ts';
import { isAddressed, parseSongAddress, type SongAddress, songAddress } from './song-address.ts';
import type { SongController } from './song-controller.ts';
import { isInWork } from './song-entry.ts';
import type { SongEnvironment } from './song-environment.ts';

/** Setting: id of the song that was open last. */
const LAST_AS = 'unsung.last';

export type SongNavigationEvents = {
  /** `opening` has changed. */
  change: [];
  /** The song of the address is not in the list: it was removed, or never in this browser. */
  gone: [];
};

/** What the navigation works with. */
export interface SongNavigationOptions {
  readonly songs: Pick<SongController, 'state' | 'recalled' | 'listen' | 'close' | 'on'>;
  readonly address: AddressBar;
  readonly environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting'>;
  /** Resolves when the song that was opened last is shown. */
  readonly shown: () => Promise<unknown>;
}

/**
 * Opens the song that the page's address names; without one, the song that was open last. From then on the address names
 * the open song, and Back and Forward open the songs before and after. What the person opens meanwhile takes precedence.
 *
 * @example
 * const navigation = new SongNavigation({ songs, address: browserAddress(scope), environment, shown });
 * navigation.on('change', () => show(navigation.opening));
 */
export class SongNavigation extends Emitter<SongNavigationEvents> {
  readonly #options: SongNavigationOptions;
  /** What the address names. */
  #at: SongAddress;
  /** `sourceId` of the song that the address named last; undefined: none is open. */
  #source: string | undefined;
  #last: string | undefined;
  #opening: boolean;

  constructor(options: SongNavigationOptions) {
    super();
    this.#options = options;
    const { address, environment, songs } = options;
    this.#at = parseSongAddress(address.hash);
    this.#last = environment.readSetting(LAST_AS) || undefined;
    this.#opening = this.#at.kind === 'song' || this.#last !== undefined;
    songs.on('change', () => this.#follow());
    address.onMove(() => this.#move());
    void this.#begin();
  }

  /** A song of an earlier visit is being looked for, or opened. */
  get opening(): boolean {
    return this.#opening;
  }

  async #begin(): Promise<void> {
    const { songs, shown } = this.#options;
    await songs.recalled;
    if (songs.state.wanted === undefined) {
      if (this.#at.kind === 'song') await this.#go(this.#at);
      else await this.#openLast();
    }
    await shown();
    this.#opening = false;
    this.#follow(true);
    this.emit('change');
  }

  async #openLast(): Promise<void> {
    const { songs } = this.#options;
    const song = songs.state.rows.find((row) => row.song.id === this.#last)?.song;
    if (!song) this.#remember(undefined);
    // Neither is a song separated that was cancelled, nor an error repeated, without being asked for.
    else if (song.kind === 'done' || isInWork(song)) await songs.listen(song.id);
  }

  /** Opens the song that an address names. */
  async #go(to: SongAddress): Promise<void> {
    const { songs } = this.#options;
    const { rows, open } = songs.state;
    const song = rows.find((row) => isAddressed(row.song.id, to))?.song;
    if (!song) {
      songs.close();
      this.emit('gone');
    } else if (song.id === open?.song.id || (song.kind !== 'cancelled' && song.kind !== 'failed')) {
      await songs.listen(song.id);
    }
  }

  /** The person went to another address: Back, Forward, a link, or a bookmark. */
  async #move(): Promise<void> {
    const { songs, address } = this.#options;
    const from = this.#at;
    this.#at = parseSongAddress(address.hash);
    if (this.#opening) return;
    if (this.#at.kind === 'song') await this.#go(this.#at);
    else if (this.#at.kind === 'start' && from.kind === 'song') songs.close();
    // From another view, the way leads back to the song that is open.
    this.#follow(from.kind === 'other');
  }

  /** Writes what is open into the address. @param inPlace without a new entry in the history */
  #follow(inPlace = false): void {
    const { open, wanted } = this.#options.songs.state;
    if (open) this.#remember(open.song.id);
    if (this.#opening || this.#at.kind === 'other') return;
    // The song that the address names is on its way.
    if (wanted !== undefined && wanted !== open?.song.id && isAddressed(wanted, this.#at)) return;
    const before = this.#source;
    this.#source = open?.song.sourceId;
    if (!open) this.#write('', true);
    // The same song, separated anew, is no step back.
    else if (!isAddressed(open.song.id, this.#at)) {
      this.#write(songAddress(open.song), inPlace || before === this.#source);
    }
  }

  #write(hash: string, inPlace: boolean): void {
    const { address } = this.#options;
    const at = parseSongAddress(hash);
    if (at.kind === 'start' && this.#at.kind === 'start') return;
    this.#at = at;
    if (inPlace) address.replace(hash);
    else address.push(hash);
  }

  #remember(id: string | undefined): void {
    if (id === this.#last) return;
    this.#last = id;
    this.#options.environment.writeSetting(LAST_AS, id ?? '');
  }
}
