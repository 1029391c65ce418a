import { videoTarget } from '../../containers/file-types.ts';
import { browserStorage } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MixSettings } from '../../player/export/mix-settings.ts';
import { type MixMode, modeOf } from '../../player/mix-state.ts';
import type { Player } from '../../player/player.ts';
import { practiceOf, recall, remember, settingsOf, songKey } from '../../player/song-settings.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { PracticeTools } from '../player/practice-tools.ts';
import { Saver, type SaverOptions } from '../player/saver.ts';
import { StemSwitch } from '../player/stem-switch.ts';
import { Transport } from '../player/transport.ts';
import { VideoView } from '../player/video-view.ts';
import { WaitingText } from '../player/waiting-text.ts';
import type { KeyAction } from '../shell/keyboard.ts';
import type { Notices } from '../shell/notices.ts';
import type { ComparedResult } from '../spectrogram/result-difference-row.ts';
import type { SpectrogramLayout } from '../spectrogram/spectrogram-layout.ts';
import { Timeline } from '../timeline/timeline.ts';
import { ConfidenceHint } from './confidence-hint.ts';
import type { SongHead } from './song-head.ts';
import { songLayout } from './song-layout.ts';
import type { SongPlace } from './song-place.ts';

/** What a song's view needs from the page. */
export interface SongViewOptions extends Pick<SaverOptions, 'use'> {
  /** Name of its file without ending, for saved files and stored settings. */
  readonly baseName: string;
  readonly store: SongStorage;
  /** The file that the song came from, for its tags and its picture. */
  readonly file: () => Blob | undefined;
  readonly player: Player;
  /** The file's audio track that is separated, from 0 on; undefined: its default one. */
  readonly track: number | undefined;
  /** Name, facts and audio track of the song. */
  readonly head: SongHead;
  readonly notices: Notices;
  /** Which spectrograms are shown, and how high. */
  readonly layout: SpectrogramLayout;
  /** Called when the switch shows another choice. */
  readonly onMode: () => void;
  /** Called when a stem or a level is chosen. */
  readonly onMix: () => void;
  /** What another result of the song showed: this one goes on there. */
  readonly place: SongPlace | undefined;
}

/**
 * One result of a song on the page: its title, the player, the timeline and the ways to save. Lives as long as its
 * scope. It draws while it is active.
 */
export class SongView {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #options: SongViewOptions;
  readonly #transport: Transport;
  readonly #switch: StemSwitch;
  readonly timeline: Timeline;
  readonly #saver: Saver;
  readonly #tools: PracticeTools;
  readonly #video: VideoView;
  readonly #hint: ConfidenceHint;
  readonly #waiting: WaitingText;
  readonly #key: string;
  #mode: MixMode = 'original';
  #separating = true;
  #frameAsked = false;
  #active = false;

  constructor(scope: Scope, i18n: I18n, options: SongViewOptions) {
    this.#scope = scope;
    this.#options = options;
    const { store, player, baseName: name, notices } = options;
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
      options.onMix();
      this.#remember();
      this.#wake();
    });
    this.timeline = new Timeline(scope, i18n, {
      clock: player,
      name,
      store,
      layout: options.layout,
      laneHeads: this.#switch.laneHeads,
      seek: (seconds) => player.seek(seconds),
      loop: (from, to) => this.#tools.practice.loopBetween(from, to),
      pause: () => player.playing && player.pause(),
      failed: (error) => notices.thrown(error),
    });
    this.#tools = new PracticeTools(scope, i18n, { player, store, timeline: this.timeline });
    this.#saver = new Saver(scope, i18n, {
      name,
      store,
      notices,
      use: options.use,
      mix: () => this.#heard,
      file: options.file,
    });
    this.#waiting = new WaitingText(i18n, player, store);
    this.#hint = new ConfidenceHint(scope, i18n);
    options.head.line.append(this.#hint.element);
    this.#video = new VideoView(scope, i18n, () => this.#wake());
    void this.#openVideo();
    this.#key = songKey(name, store);
    if (options.place) this.place = options.place;
    else this.#recall();
    scope.add(this.#tools.practice.on('change', () => this.#remember()));
    this.element = songLayout(scope, i18n, {
      head: options.head.element,
      transport: this.#transport,
      stemSwitch: this.#switch,
      save: this.#saver.panel,
      video: this.#video.element,
      practice: this.#tools.panel.element,
      timeline: this.timeline,
    });
    scope.add(() => this.element.remove());
    scope.add(player.on('state', () => this.#wake()));
    scope.add(
      player.on('seek', (seconds) => {
        this.timeline.reveal(seconds);
        this.#wake();
      }),
    );
    // A page in the background draws no frames: what it shows is put right when it comes back.
    scope.listen(document, 'visibilitychange', () => this.#wake());
    i18n.bind(scope, () => this.#wake());
  }

  get place(): SongPlace {
    const { levels } = this.#switch;
    const { volume } = this.#transport;
    return { levels, practice: this.#tools.practice.state, volume, timeline: this.timeline.place };
  }

  set place({ levels, practice, volume, timeline }) {
    this.#switch.set(levels);
    this.#tools.practice.adopt(practice);
    this.#transport.volume = volume;
    this.timeline.place = timeline;
  }

  /** Plays as another track of the song did. @param seconds position */
  restore({ levels, practice, volume }: SongPlace, seconds: number): void {
    this.#switch.set(levels);
    this.#tools.practice.restore(practice);
    this.#transport.volume = volume;
    this.#options.player.setVolume(volume);
    this.#options.player.seek(seconds);
  }

  /** Whether it is the one that is seen. */
  set active(on: boolean) {
    this.#active = on;
    if (on) this.#show();
    else this.timeline.spectrograms.stopSound();
    if (!on) this.#video.follow({ playing: false, position: this.#options.player.position, speed: 1 });
    this.#wake();
  }

  /** Puts the switch of the results beside that of the stems. */
  takeResults(element: HTMLElement): void {
    this.#switch.switchElement.after(element);
  }

  /** Shows the difference to another result that is heard; undefined: none. */
  compare(compared: ComparedResult | undefined): void {
    this.#switch.isHeard = compared === undefined;
    this.#saver.compare(compared?.store);
    this.timeline.compare(compared);
  }

  /** What is heard now: levels, speed, key, loop. */
  get #heard(): MixSettings {
    const { practice } = this.#tools;
    return { levels: this.#switch.mix, rateAndKey: practice.state.rateAndKey, loop: practice.loop };
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
    this.timeline.add(chunk);
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
    else if (action.kind === 'zoom') this.timeline.zoom(action.factor);
    else if (action.kind === 'fit') this.timeline.fit();
    else return this.#tools.act(action);
    return true;
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    this.timeline.recolour();
  }

  #toggle(): void {
    const { player, notices } = this.#options;
    if (player.playing) player.pause();
    else player.play(this.#tools.practice.countIn).catch((error: unknown) => notices.thrown(error));
  }

  /** Draws the next frame, and frame after frame while the song plays. */
  #wake(): void {
    if (this.#frameAsked || this.#scope.disposed || !this.#active) return;
    this.#frameAsked = true;
    this.#scope.frame(() => {
      this.#frameAsked = false;
      this.#show();
      if (this.#options.player.playing) this.#wake();
    });
  }

  #show(): void {
    const { player, store } = this.#options;
    this.#transport.show({
      playing: player.playing,
      position: player.position,
      duration: player.duration,
      gaps: store.gaps.map(({ start, end }) => [start / store.samples, end / store.samples]),
      waiting: this.#waiting.text(this.#switch.mix, this.#separating),
    });
    this.timeline.tick();
    this.#video.follow({
      playing: player.playing && !player.interrupted && player.counting === 0,
      position: player.position,
      speed: player.rateAndKey.speed,
    });
  }

  /** Shows and offers the picture, if the song's file has one. */
  async #openVideo(): Promise<void> {
    const { store, track } = this.#options;
    const file = this.#options.file();
    if (!file) return;
    // Not in the page's first download.
    const { videoContainer } = await import('../../containers/video-container.ts');
    const container = await videoContainer(file);
    if (!container || this.#scope.disposed) return;
    this.#video.open(this.#options.file);
    const { sampleRate, channels, samples } = store;
    const target = await videoTarget(container, { sampleRate, channels, samples });
    if (!this.#scope.disposed)
      this.#saver.offerVideo({ ...target, bytes: file.size, track: track === undefined ? undefined : track + 1 });
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
