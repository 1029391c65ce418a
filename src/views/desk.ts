import type { AudioData } from '../audio/audio-data.ts';
import { sampleCount } from '../audio/audio-data.ts';
import { AudioDecodeError, LongSongError } from '../errors.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { OpenOptions, SongOnDisk } from '../player/long/song-on-disk.ts';
import { Player } from '../player/player.ts';
import { StemStore, shareAudio } from '../player/stem-store.ts';
import type { Scope } from '../scope.ts';
import type { ModelChoice, SeparationClient } from '../separation/client.ts';
import { h, nextTask } from './dom.ts';
import { baseName, clock } from './format.ts';
import type { KeyAction } from './keyboard.ts';
import { choiceText } from './model-words.ts';
import type { Notices } from './notices.ts';
import type { Progress, ProgressPanel } from './progress-panel.ts';
import { SongView } from './song-view.ts';

/** Songs from here on take minutes and gigabytes: the person is told at once. */
const WARN_SECONDS = 3 * 3600;

/** A song that is open: its sound, what is separated of it, and its view. */
interface OpenSong {
  readonly scope: Scope;
  readonly store: StemStore;
  readonly player: Player;
  readonly view: SongView;
  readonly name: string;
  /** What it is separated with. */
  readonly model: ModelChoice;
}

/** A file on its way to the page. The bytes may be detached by the decoder: they are asked for once. */
export interface IncomingSong {
  readonly fileName: string;
  readonly bytes: () => Promise<ArrayBuffer>;
  /** The file itself, for the tags of what is saved; without it the name stands for them. */
  readonly file?: Blob;
}

/** What the desk works with. */
export interface DeskOptions {
  readonly client: Pick<SeparationClient, 'separate' | 'model'>;
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  /** Opens a song that is too long for memory; undefined: it is not. Without it all songs are decoded in memory. */
  readonly openLong?: (file: Blob, name: string, options: OpenOptions) => Promise<SongOnDisk | undefined>;
  readonly notices: Notices;
  readonly progress: ProgressPanel;
  readonly openAnother: () => void;
  /** Called when a song is there and when there is none. */
  readonly onSong: (open: boolean) => void;
  /** Called when `model`, `busy` or `quiet` may have changed. */
  readonly onChange: () => void;
}

/**
 * Takes a song from its file to the finished stems, one at a time. The song that is open stays until the next one has
 * its first separated chunk: whatever goes wrong before that, or is cancelled, loses nothing.
 */
export class Desk {
  readonly element = h('div', { class: 'desk' });
  readonly #i18n: I18n;
  readonly #options: DeskOptions;
  readonly #scope: Scope;
  #song: OpenSong | undefined;
  #job: AbortController | undefined;
  /** The files that songs came from. */
  readonly #files = new WeakMap<AudioData, Blob>();
  /** Where songs too long for memory lie, whose `AudioData` has no samples. */
  readonly #disks = new WeakMap<AudioData, SongOnDisk>();
  #engineStep: Progress | undefined;
  #waitsForEngine = false;

  constructor(scope: Scope, i18n: I18n, options: DeskOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    scope.add(() => this.#job?.abort());
  }

  /** Opens a song and separates it. Ends when that is done, cancelled, or failed; never rejects. */
  async open(incoming: IncomingSong): Promise<void> {
    const { notices, progress } = this.#options;
    const job = this.#begin();
    notices.clearErrors();
    progress.show({ kind: 'decoding', name: incoming.fileName });
    let disk: SongOnDisk | undefined;
    try {
      disk = await this.#openLong(job, incoming);
      const original = disk ? this.#onDisk(disk, incoming) : await this.#decode(incoming);
      if (incoming.file) this.#files.set(original, incoming.file);
      if (job.signal.aborted) return;
      if (this.#samplesOf(original) === 0) {
        throw new AudioDecodeError(`“${incoming.fileName}” has no sound in it.`, 'Choose another file.');
      }
      await this.#separate(job, baseName(incoming.fileName), original);
    } catch (error) {
      this.#failed(job, error);
    } finally {
      if (disk && this.#song?.store.disk !== disk) void disk.dispose();
      this.#end(job);
    }
  }

  /** The model that the open song is separated with; undefined: there is no song. */
  get model(): ModelChoice | undefined {
    return this.#song?.model;
  }

  /** The song that is open: the learning room shows it too. */
  get song(): OpenSong | undefined {
    return this.#song;
  }

  /** A song is being opened or separated. */
  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** Nothing is opened, separated or playing: what disturbs a song may be said. */
  get quiet(): boolean {
    return !this.busy && !this.#song?.player.playing;
  }

  /** In a function of its own, so that the browser's buffer (200 MB for ten minutes) does not outlive the copy. */
  async #decode(incoming: IncomingSong): Promise<AudioData> {
    return await shareAudio(await this.#options.decode(await incoming.bytes(), incoming.fileName), nextTask);
  }

  /** A long song on disk, or undefined. */
  async #openLong(job: AbortController, { file, fileName }: IncomingSong): Promise<SongOnDisk | undefined> {
    const { openLong, notices } = this.#options;
    if (!file || !openLong) return undefined;
    let warned = false;
    const onProgress = (doneSeconds: number, totalSeconds: number) => {
      this.#show({ kind: 'decoding', name: fileName, doneSeconds, totalSeconds });
      if (warned || totalSeconds < WARN_SECONDS) return;
      warned = true;
      notices.note(this.#i18n.t('long.warning', { hours: Math.round(totalSeconds / 3600) }));
    };
    return await openLong(file, fileName, { signal: job.signal, onProgress });
  }

  /** What stands for a song on disk where one in memory has its samples. */
  #onDisk(disk: SongOnDisk, { fileName }: IncomingSong): AudioData {
    const { original } = StemStore.onDisk(disk);
    this.#disks.set(original, disk);
    if (disk.brokeOff) {
      const time = clock(disk.samples / disk.sampleRate);
      this.#options.notices.note(this.#i18n.t('long.brokeOff', { name: fileName, time }));
    }
    return original;
  }

  #samplesOf(original: AudioData): number {
    return this.#disks.get(original)?.samples ?? sampleCount(original);
  }

  /** Separates the open song again with the model chosen now. It stays as it is until the first new piece is there. */
  async again(): Promise<void> {
    const song = this.#song;
    if (!song) return;
    const job = this.#begin();
    this.#options.notices.clearErrors();
    try {
      await this.#separate(job, song.name, song.store.original);
    } catch (error) {
      this.#failed(job, error);
    } finally {
      this.#end(job);
    }
  }

  /** Separates the open song again from its beginning: after a cancelled separation. */
  async finish(): Promise<void> {
    const song = this.#song;
    if (!song) return;
    // Two models' stems in one song would be neither's.
    if (choiceText(song.model) !== choiceText(this.#options.client.model)) return this.again();
    const job = this.#begin();
    this.#options.notices.clearErrors();
    try {
      await this.#fill(job, song.store.original, () => Promise.resolve(song));
    } catch (error) {
      this.#failed(job, error);
    } finally {
      this.#end(job);
    }
  }

  /** Stops what is going on. */
  cancel(): void {
    this.#job?.abort();
    this.#end(this.#job);
  }

  /** Tells a step of the engine on its way to being ready; undefined: it is. Shown to a person who waits for it. */
  engineStep(step: Progress | undefined): void {
    this.#engineStep = step;
    if (step && this.#waitsForEngine) this.#show(step);
  }

  /** Gives a key to the open song. */
  act(action: KeyAction): boolean {
    return this.#song?.view.act(action) ?? false;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#song?.view.recolour();
  }

  async #separate(job: AbortController, name: string, original: AudioData): Promise<void> {
    const { model } = this.#options.client;
    let song: OpenSong | undefined;
    const ready = async () => {
      song ??= await this.#put(job, name, original, model);
      return song;
    };
    // With no song on the page the original can be heard at once, before anything is separated.
    if (!this.#song) await ready();
    await this.#fill(job, original, ready);
  }

  /** Runs the separation; `songOf` makes the song when the first chunk is there. */
  async #fill(job: AbortController, original: AudioData, songOf: () => Promise<OpenSong>): Promise<void> {
    const { client } = this.#options;
    const totalSeconds = this.#samplesOf(original) / original.sampleRate;
    const disk = this.#disks.get(original);
    this.#waitsForEngine = true;
    this.#show(this.#engineStep ?? { kind: 'starting' });
    let begun = 0;
    let firstDone = 0;
    let doneSeconds = 0;
    const started = performance.now();
    for await (const chunk of client.separate(disk?.forSeparation() ?? original, { signal: job.signal })) {
      if (job.signal.aborted) return;
      this.#waitsForEngine = false;
      const song = await songOf();
      if (job.signal.aborted) return;
      const before = song.store.doneSamples;
      await song.store.write(chunk);
      if (job.signal.aborted) return;
      if (song.store.doneSamples > before) song.player.stemsGrew(before);
      song.view.separating(true);
      song.view.add(chunk);
      doneSeconds = chunk.doneSamples / original.sampleRate;
      // The first chunk's time holds the loading of the model: the speed is taken from there on, if there is more.
      const now = performance.now();
      const speed =
        begun === 0 ? doneSeconds / ((now - started) / 1000) : (doneSeconds - firstDone) / ((now - begun) / 1000);
      if (begun === 0) {
        begun = now;
        firstDone = doneSeconds;
      }
      this.#show({ kind: 'separating', doneSeconds, totalSeconds, speed });
      await nextTask();
    }
    if (job.signal.aborted) return;
    const elapsedSeconds = (performance.now() - started) / 1000;
    this.#show({ kind: 'done', elapsedSeconds, speed: totalSeconds / elapsedSeconds });
  }

  /** Puts a new song in the place of the open one. */
  async #put(job: AbortController, name: string, original: AudioData, model: ModelChoice): Promise<OpenSong> {
    const { notices, openAnother, onSong } = this.#options;
    const store = new StemStore(original, this.#disks.get(original));
    const player = await Player.create(store);
    if (job.signal.aborted) {
      await player.dispose();
      throw new DOMException('Cancelled', 'AbortError');
    }
    // The same song, separated anew, goes on where it is.
    const place = this.#song?.store.original === original ? this.#song.view.place : undefined;
    this.#close(original);
    const scope = this.#scope.child();
    scope.add(() => void player.dispose());
    const view = new SongView(scope, this.#i18n, {
      name,
      store,
      file: this.#files.get(original),
      player,
      notices,
      openAnother,
    });
    if (place) view.place = place;
    scope.add(player.on('state', this.#options.onChange));
    if (player.interpolates) {
      notices.note(this.#i18n.t('player.interpolates', { rate: player.outputRate / 1000 }));
    }
    this.#song = { scope, store, player, view, name, model };
    this.element.append(view.element);
    onSong(true);
    this.#options.onChange();
    return this.#song;
  }

  /** @param next The song that comes in its place: the same one keeps its files. */
  #close(next: AudioData): void {
    this.#song?.scope.dispose();
    const disk = this.#song?.store.disk;
    if (disk && disk !== this.#disks.get(next)) void disk.dispose();
    this.#song = undefined;
  }

  /** Shows a step of what is going on. */
  #show(progress: Progress): void {
    if (this.#job && !this.#job.signal.aborted) this.#options.progress.show(progress);
  }

  #begin(): AbortController {
    this.cancel();
    this.#waitsForEngine = false;
    const job = new AbortController();
    this.#job = job;
    this.#options.onChange();
    return job;
  }

  #failed(job: AbortController, error: unknown): void {
    if (job.signal.aborted || this.#job !== job) return;
    const kept = this.#song?.store.complete ? this.#i18n.t('notice.kept') : '';
    if (error instanceof LongSongError) {
      const { fault, values } = error;
      this.#options.notices.error(
        this.#i18n.t(`long.fault.${fault}`, values),
        `${this.#i18n.t(`long.hint.${fault}`)} ${kept}`.trim(),
      );
      return;
    }
    this.#options.notices.thrown(error, kept);
  }

  /** Leaves the page as the job leaves it: a whole song, a part of one, or what was there before. */
  #end(job: AbortController | undefined): void {
    if (!job || this.#job !== job) return;
    this.#job = undefined;
    const { progress } = this.#options;
    const song = this.#song;
    song?.view.separating(false);
    if (!song) progress.show(undefined);
    else if (!song.store.complete) {
      const rate = song.store.original.sampleRate;
      const totalSeconds = song.store.totalSamples / rate;
      progress.show({ kind: 'cancelled', doneSeconds: song.store.doneSamples / rate, totalSeconds });
    } else if (progress.kind !== 'done') progress.show(undefined);
    this.#options.onChange();
  }
}
