import { videoTarget } from '../../containers/file-types.ts';
import { browserStorage } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MixSettings } from '../../player/export/mix-settings.ts';
import { type MixMode, modeOf, type StemLevels } from '../../player/mix-state.ts';
import type { Player } from '../../player/player.ts';
import type { PracticeState } from '../../player/practice.ts';
import { practiceOf, recall, remember, settingsOf, songKey } from '../../player/song-settings.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { PracticeTools } from '../player/practice-tools.ts';
import { Saver } from '../player/saver.ts';
import { StemSwitch } from '../player/stem-switch.ts';
import { Transport } from '../player/transport.ts';
import { VideoView } from '../player/video-view.ts';
import { h } from '../shell/dom.ts';
import type { KeyAction } from '../shell/keyboard.ts';
import type { Notices } from '../shell/notices.ts';
import { Timeline } from '../timeline/timeline.ts';
import { ConfidenceHint } from './confidence-hint.ts';
import { songHead } from './song-head.ts';

/** Frames for which starting the output is no interruption yet. */
const INTERRUPTED_FRAMES = 60;

/** What a song's view needs from the page. */
export interface SongViewOptions {
  /** Name without ending, for the title and for saved files. */
  readonly name: string;
  readonly store: SongStorage;
  /** The file that the song came from, for its tags and its picture. */
  readonly file: Blob | undefined;
  readonly player: Player;
  /** The file's audio track that is separated, from 0 on; undefined: its default one. */
  readonly track: number | undefined;
  /** Chooses the audio track. */
  readonly trackMenu: HTMLElement;
  readonly notices: Notices;
  /** Called when the switch shows another choice. */
  readonly onMode: () => void;
}

/** One song on the page: its title, the player, the score and the ways to save. Lives as long as its scope. */
export class SongView {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: SongViewOptions;
  readonly #transport: Transport;
  readonly #switch: StemSwitch;
  readonly #timeline: Timeline;
  readonly #saver: Saver;
  readonly #tools: PracticeTools;
  readonly #video: VideoView;
  readonly #hint: ConfidenceHint;
  readonly #key: string;
  #mode: MixMode = 'original';
  #separating = true;
  #interruptedFor = 0;
  #frameAsked = false;

  constructor(scope: Scope, i18n: I18n, options: SongViewOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const { store, player, name, notices } = options;
    this.#transport = new Transport(scope, i18n, {
      toggle: () => this.#toggle(),
      seek: (seconds) => player.seek(seconds),
      volume: (volume) => player.setVolume(volume),
    });
    this.#switch = new StemSwitch(scope, i18n, (mix) => {
      player.setMix(mix.vocals, mix.accompaniment);
      if (modeOf(mix) !== this.#mode) {
        this.#mode = modeOf(mix);
        options.onMode();
      }
      this.#remember();
      this.#wake();
    });
    this.#timeline = new Timeline(scope, i18n, {
      clock: player,
      name,
      store,
      laneHeads: this.#switch.laneHeads,
      seek: (seconds) => player.seek(seconds),
      loop: (from, to) => this.#tools.practice.loopBetween(from, to),
      pause: () => player.playing && player.pause(),
      failed: (error) => notices.thrown(error),
    });
    this.#tools = new PracticeTools(scope, i18n, { player, store, notices, timeline: this.#timeline });
    this.#saver = new Saver(scope, i18n, {
      name,
      store,
      notices,
      mix: () => this.#heard,
      get file() {
        return options.file;
      },
    });
    this.#hint = new ConfidenceHint(scope, i18n);
    this.#video = new VideoView(scope, i18n, () => this.#wake());
    void this.#openVideo();
    this.#key = songKey(name, store);
    this.#recall();
    scope.add(this.#tools.practice.on('change', () => this.#remember()));
    this.element = this.#layout(name);
    scope.add(() => this.element.remove());
    scope.add(player.on('state', () => this.#wake()));
    scope.add(
      player.on('seek', (seconds) => {
        this.#timeline.reveal(seconds);
        this.#wake();
      }),
    );
    scope.add(player.on('outputLost', () => notices.note(() => i18n.t('player.outputLost'))));
    // A page in the background draws no frames: what it shows is put right when it comes back.
    scope.listen(document, 'visibilitychange', () => this.#wake());
    i18n.bind(scope, () => this.#wake());
  }

  /** What is heard and from where: to go on in another view of the same song. */
  get place(): { readonly levels: StemLevels; readonly practice: PracticeState; readonly seconds: number } {
    const { practice } = this.#tools;
    return { levels: this.#switch.levels, practice: practice.state, seconds: this.#options.player.position };
  }

  set place({ levels, practice, seconds }) {
    this.#switch.set(levels);
    this.#tools.practice.restore(practice);
    this.#options.player.seek(seconds);
  }

  /** What is heard now: levels, speed, key, loop. */
  get #heard(): MixSettings {
    const { looping, marks, rateAndKey } = this.#tools.practice.state;
    const { sampleRate } = this.#options.store;
    const { start, end } = marks;
    const isLoop = looping && start !== undefined && end !== undefined;
    const loop = isLoop ? { start: Math.round(start * sampleRate), end: Math.round(end * sampleRate) } : undefined;
    return { levels: this.#switch.mix, rateAndKey, loop };
  }

  /** What the switch shows. */
  get mode(): MixMode {
    return this.#mode;
  }

  /** Plays one stem. */
  hear(stem: 'vocals' | 'accompaniment'): void {
    this.#switch.choose(stem);
    if (!this.#options.player.playing) this.#toggle();
    this.#transport.play.focus();
  }

  /** Takes a chunk that the store has already kept. */
  add(chunk: SeparationChunk): void {
    this.#timeline.add(chunk);
    this.#tools.add(chunk);
    this.#saver.add(chunk);
    this.#hint.add(chunk, this.#options.store.complete);
    this.#wake();
  }

  /** Says whether the separation is going on: if not, what is missing will not come. */
  separating(on: boolean): void {
    this.#separating = on;
    this.#saver.panel.ready(this.#options.store.complete);
    this.#wake();
  }

  /** Does what a key asks for; false if it is nothing for a song. */
  act(action: KeyAction): boolean {
    const { player } = this.#options;
    if (action.kind === 'toggle') this.#toggle();
    else if (action.kind === 'mode') this.#switch.choose(action.mode);
    else if (action.kind === 'seekBy') player.seek(player.position + action.seconds);
    else if (action.kind === 'seekTo') player.seek(action.end ? player.duration : 0);
    else if (action.kind === 'zoom') this.#timeline.zoom(action.factor);
    else if (action.kind === 'fit') this.#timeline.fit();
    else return this.#tools.act(action);
    return true;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.#timeline.recolour();
  }

  #layout(name: string): HTMLElement {
    const { store, trackMenu } = this.#options;
    const dock = h(
      'div',
      { class: 'dock', role: 'group' },
      this.#transport.play,
      this.#transport.clock,
      this.#switch.switchElement,
      this.#transport.volume,
      this.#saver.panel.button,
      this.#saver.panel.element,
      this.#transport.seek,
      this.#switch.status,
      this.#transport.waiting,
      this.#video.element,
    );
    this.#timeline.underLanes.append(this.#tools.panel.element);
    const element = h(
      'section',
      { class: 'song' },
      songHead(this.#scope, this.#i18n, { name, store, trackMenu, hint: this.#hint.element }),
      dock,
      this.#timeline.element,
    );
    this.#i18n.bind(this.#scope, () => {
      element.setAttribute('aria-label', this.#i18n.t('song.region'));
      dock.setAttribute('aria-label', this.#i18n.t('player.region'));
    });
    return element;
  }

  #toggle(): void {
    const { player, notices } = this.#options;
    if (player.playing) player.pause();
    else player.play(this.#tools.practice.countIn).catch((error: unknown) => notices.thrown(error));
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
    this.#interruptedFor = player.interrupted ? this.#interruptedFor + 1 : 0;
    this.#transport.show({
      playing: player.playing,
      position: player.position,
      duration: player.duration,
      gaps: store.gaps.map(({ start, end }) => [start / store.samples, end / store.samples]),
      waiting: this.#waiting(),
    });
    this.#timeline.tick();
    this.#video.follow({
      playing: player.playing && !player.interrupted && player.counting === 0,
      position: player.position,
      speed: player.rateAndKey.speed,
    });
  }

  /** Shows and offers the picture, if the song's file has one. */
  async #openVideo(): Promise<void> {
    const { file, store, track } = this.#options;
    if (!file) return;
    // Not in the page's first download.
    const { videoContainer } = await import('../../containers/video-container.ts');
    const container = await videoContainer(file);
    if (!container || this.#scope.disposed) return;
    this.#video.open(() => this.#options.file);
    const { sampleRate, channels, samples } = store;
    const target = await videoTarget(container, { sampleRate, channels, samples });
    if (!this.#scope.disposed)
      this.#saver.offerVideo({ ...target, bytes: file.size, track: track === undefined ? undefined : track + 1 });
  }

  #waiting(): string {
    const { player, store } = this.#options;
    if (player.interrupted && this.#interruptedFor > INTERRUPTED_FRAMES) return this.#i18n.t('player.interrupted');
    if (player.counting > 0) return this.#i18n.t('player.counting', { beats: player.counting });
    const { vocals, accompaniment } = this.#switch.mix;
    const sample = Math.min(Math.floor(player.position * store.sampleRate), store.samples - 1);
    const standsIn = player.playing ? player.standsIn : vocals !== accompaniment && !store.isDone(sample, sample + 1);
    if (!standsIn) return '';
    return this.#i18n.t(this.#separating ? 'gaps.standIn' : 'gaps.standInStopped');
  }

  #recall(): void {
    const settings = recall(browserStorage(), this.#key);
    if (!settings) return;
    this.#switch.set(settings.levels);
    this.#tools.practice.restore(practiceOf(settings, this.#options.player.duration));
  }

  #remember(): void {
    const { state } = this.#tools.practice;
    remember(browserStorage(), this.#key, { levels: this.#switch.levels, ...settingsOf(state) });
  }
}
