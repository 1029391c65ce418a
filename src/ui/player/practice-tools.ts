import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { Player } from '../../player/player.ts';
import { Practice } from '../../player/practice.ts';
import { VocalActivity } from '../../player/vocal-activity.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { KeyAction } from '../shell/keyboard.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { PracticePanel } from './practice-panel.ts';

/** The jump to the first singing goes this far before it, seconds. */
const BREATH_SECONDS = 0.2;

/** What the tools work with. */
export interface PracticeToolsOptions {
  readonly player: Player;
  readonly store: SongStorage;
  readonly timeline: Timeline;
}

/** Connects practice (loop, speed, key, count-in) and vocal activity with the panel, the timeline and the keys. */
export class PracticeTools {
  readonly practice: Practice;
  readonly panel: PracticePanel;
  readonly #options: PracticeToolsOptions;
  readonly #activity: VocalActivity;

  constructor(scope: Scope, i18n: I18n, options: PracticeToolsOptions) {
    this.#options = options;
    const { player, store, timeline } = options;
    this.#activity = new VocalActivity(store.sampleRate, store.samples);
    this.practice = new Practice(player, store.sampleRate);
    this.panel = new PracticePanel(scope, i18n, this.practice, () => this.#toFirstVocals());
    this.panel.vocalsKnown(false);
    scope.add(
      this.practice.on('change', () => timeline.setLoop(this.practice.state.marks, this.practice.state.looping)),
    );
    scope.add(player.on('rateAndKeyFailed', () => this.practice.rateAndKeyFailed()));
  }

  /** Updates the vocal activity from a finished chunk. */
  add(chunk: SeparationChunk): void {
    this.#activity.take(chunk.start, chunk.vocals, chunk.accompaniment);
    this.panel.vocalsKnown(this.#activity.passages().length > 0);
    this.#options.timeline.setActivity(this.#activity);
  }

  /** Does what a key asks for; returns false if it does not concern these tools. */
  act(action: KeyAction): boolean {
    const { practice } = this;
    const { speed, semitones } = practice.state.rateAndKey;
    switch (action.kind) {
      case 'loopMark':
        if (action.edge === 'start') practice.markStart();
        else practice.markEnd();
        return true;
      case 'loop':
        practice.toggleLoop();
        return true;
      case 'speedBy':
        practice.setRateAndKey({ speed: speed + action.percent / 100 });
        return true;
      case 'keyBy':
        practice.setRateAndKey({ semitones: semitones + action.semitones });
        return true;
      case 'firstVocals':
        this.#toFirstVocals();
        return true;
      case 'tap':
        this.panel.tap();
        return true;
      case 'practice':
        this.panel.toggle();
        return true;
      default:
        return false;
    }
  }

  #toFirstVocals(): void {
    const first = this.#activity.passages()[0];
    if (first) this.#options.player.seek(Math.max(0, first.start - BREATH_SECONDS));
  }
}
