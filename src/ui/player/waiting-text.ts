import type { I18n } from '../../i18n/i18n.ts';
import type { Mix } from '../../player/mix-state.ts';
import type { Player } from '../../player/player.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';

/** Frames for which starting the output is no interruption yet. */
const INTERRUPTED_FRAMES = 60;

/** Says what is to be known about the present sound, frame by frame. */
export class WaitingText {
  readonly #i18n: I18n;
  readonly #player: Player;
  readonly #store: SongStorage;
  #interruptedFor = 0;

  constructor(i18n: I18n, player: Player, store: SongStorage) {
    this.#i18n = i18n;
    this.#player = player;
    this.#store = store;
  }

  /** The text in this frame; '' if there is nothing to say. @param separating the missing parts will come */
  text({ vocals, accompaniment }: Mix, separating: boolean): string {
    const player = this.#player;
    const { samples, sampleRate } = this.#store;
    this.#interruptedFor = player.interrupted ? this.#interruptedFor + 1 : 0;
    if (this.#interruptedFor > INTERRUPTED_FRAMES) return this.#i18n.t('player.interrupted');
    if (player.counting > 0) return this.#i18n.t('player.counting', { beats: player.counting });
    const sample = Math.min(Math.floor(player.position * sampleRate), samples - 1);
    const isMissing = vocals !== accompaniment && !this.#store.isAudible(sample, sample + 1);
    if (!(player.playing ? player.standsIn : isMissing)) return '';
    return this.#i18n.t(separating ? 'gaps.standIn' : 'gaps.standInStopped');
  }
}
