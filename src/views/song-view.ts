import type { WavFormat } from '../audio/encode-wav.ts';
import type { I18n } from '../i18n/i18n.ts';
import { type Stem, stemFileName, stemToWav } from '../player/export-stem.ts';
import type { Player } from '../player/player.ts';
import type { StemStore } from '../player/stem-store.ts';
import type { Scope } from '../scope.ts';
import type { SeparationChunk } from '../separation/types.ts';
import { h, icon, nextTask, setText } from './dom.ts';
import { clock } from './format.ts';
import type { KeyAction } from './keyboard.ts';
import type { Notices } from './notices.ts';
import { download, SavePanel } from './save-panel.ts';
import { Score } from './score.ts';
import { StemSwitch } from './stem-switch.ts';
import { Transport } from './transport.ts';

/** What a song's view needs from the page. */
export interface SongViewOptions {
  /** Name without ending, for the title and for saved files. */
  readonly name: string;
  readonly store: StemStore;
  readonly player: Player;
  readonly notices: Notices;
  readonly openAnother: () => void;
}

/** One song on the page: its title, the player, the score and the ways to save. Lives as long as its scope. */
export class SongView {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: SongViewOptions;
  readonly #transport: Transport;
  readonly #switch: StemSwitch;
  readonly #score: Score;
  readonly #save: SavePanel;
  #separating = true;
  #frameAsked = false;

  constructor(scope: Scope, i18n: I18n, options: SongViewOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const { store, player, name } = options;
    this.#transport = new Transport(scope, i18n, {
      toggle: () => this.#toggle(),
      seek: (seconds) => player.seek(seconds),
      volume: (volume) => player.setVolume(volume),
    });
    this.#switch = new StemSwitch(scope, i18n, (mix) => {
      player.setMix(mix.vocals, mix.accompaniment);
      this.#wake();
    });
    this.#save = new SavePanel(scope, i18n, (stem, format) => void this.#saveStem(stem, format));
    this.#score = new Score(
      scope,
      i18n,
      player,
      { samples: store.totalSamples, sampleRate: store.original.sampleRate },
      (seconds) => player.seek(seconds),
    );
    this.element = this.#layout(name);
    scope.add(() => this.element.remove());
    scope.add(player.on('state', () => this.#wake()));
    scope.add(
      player.on('seek', (seconds) => {
        this.#score.reveal(seconds);
        this.#wake();
      }),
    );
    i18n.bind(scope, () => this.#wake());
  }

  /** Takes a chunk that the store has already kept. */
  add(chunk: SeparationChunk): void {
    this.#score.add(chunk);
    this.#wake();
  }

  /** Says whether the separation is going on: if not, what is missing will not come. */
  separating(on: boolean): void {
    this.#separating = on;
    this.#save.ready(this.#options.store.complete);
    this.#wake();
  }

  /** Does what a key asks for; false if it is nothing for a song. */
  act(action: KeyAction): boolean {
    const { player } = this.#options;
    if (action.kind === 'toggle') this.#toggle();
    else if (action.kind === 'mode') this.#switch.choose(action.mode);
    else if (action.kind === 'seekBy') player.seek(player.position + action.seconds);
    else if (action.kind === 'seekTo') player.seek(action.end ? player.duration : 0);
    else if (action.kind === 'zoom') this.#score.zoom(action.factor);
    else this.#score.fit();
    return true;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#score.recolour();
  }

  #layout(name: string): HTMLElement {
    const { store, openAnother } = this.#options;
    const facts = h('p', { class: 'song-facts' });
    const another = h('button', { type: 'button', class: 'button', id: 'open-another' }, icon('open'), h('span'));
    this.#scope.listen(another, 'click', openAnother);
    const dock = h(
      'div',
      { class: 'dock', role: 'group' },
      this.#transport.play,
      this.#transport.clock,
      this.#switch.switchElement,
      this.#transport.volume,
      this.#transport.seek,
      this.#transport.waiting,
    );
    const element = h(
      'section',
      { class: 'song' },
      h('div', { class: 'song-head' }, h('div', {}, h('h1', { title: name }, name), facts), another),
      dock,
      h('div', { class: 'under-dock' }, this.#switch.fadersElement, this.#save.element),
      this.#score.element,
    );
    this.#i18n.bind(this.#scope, () => {
      element.setAttribute('aria-label', this.#i18n.t('song.region'));
      setText(another.lastElementChild as HTMLElement, this.#i18n.t('song.new'));
      dock.setAttribute('aria-label', this.#i18n.t('player.region'));
      const { sampleRate, channels } = store.original;
      setText(
        facts,
        this.#i18n.t('song.facts', {
          duration: clock(store.totalSamples / sampleRate),
          rate: Number((sampleRate / 1000).toFixed(2)),
          channels: this.#i18n.t(channels.length > 1 ? 'song.stereo' : 'song.mono'),
        }),
      );
    });
    return element;
  }

  #toggle(): void {
    const { player, notices } = this.#options;
    if (player.playing) player.pause();
    else player.play().catch((error: unknown) => notices.thrown(error));
  }

  /** Draws the next frame, and frame after frame while the song plays. */
  #wake(): void {
    if (this.#frameAsked || this.#scope.disposed) return;
    this.#frameAsked = true;
    this.#scope.frame(() => {
      this.#frameAsked = false;
      this.#show();
      if (this.#options.player.playing) this.#wake();
    });
  }

  #show(): void {
    const { player, store } = this.#options;
    const done = store.doneSamples / store.original.sampleRate;
    // Nothing more will come: waiting for it would be waiting for ever.
    if (player.holding && !this.#separating && !store.complete) player.pause();
    this.#transport.show({
      playing: player.playing,
      position: player.position,
      duration: player.duration,
      done,
      waiting: this.#waiting(done),
    });
    this.#score.tick();
  }

  #waiting(done: number): string {
    const { player, store } = this.#options;
    if (player.holding && this.#separating) return this.#i18n.t('player.holding');
    const { vocals, accompaniment } = this.#switch.mix;
    const stopped = !this.#separating && !store.complete && vocals !== accompaniment && player.position > done - 0.6;
    return stopped ? this.#i18n.t('player.notSeparated', { time: clock(done) }) : '';
  }

  async #saveStem(stem: Stem, format: WavFormat): Promise<void> {
    const { store, name, notices } = this.#options;
    const fileName = stemFileName(name, stem);
    let saved = '';
    try {
      this.#save.working(fileName, 0);
      const blob = await stemToWav(stem, store.original, store.vocals, format, nextTask, (part) =>
        this.#save.working(fileName, part),
      );
      if (this.#scope.disposed) return;
      download(this.#scope, blob, fileName);
      saved = fileName;
    } catch (error) {
      notices.thrown(error);
    } finally {
      this.#save.finished(saved);
    }
  }
}
