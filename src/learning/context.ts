import type { AudioData } from '../audio/audio-data.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { Player } from '../player/player.ts';
import type { ModelChoice, Quality, SeparationClient } from '../separation/separation-client.ts';
import type { StemStore } from '../songs/storage/stem-store.ts';
import type { Notices } from '../ui/shell/notices.ts';
import type { LearningClient } from './learning-client.ts';
import type { LearningTexts } from './texts.ts';

/** The song that the learning room shows: the one that is open on the page. */
export interface LearningSong {
  readonly name: string;
  /** Its original, and as much of its vocals and mask as is separated. */
  readonly store: StemStore;
  readonly player: Player;
  /** What it is, or was last, separated with. */
  readonly model: ModelChoice;
  /** At which of that model's qualities; undefined: it has only one, or the separation has not begun. */
  readonly quality: Quality | undefined;
  /** To be called when something is painted on it. @param busy It cannot be heard yet. */
  readonly painted: (busy: boolean) => void;
}

/** What a section works with. It is mounted anew when another song is opened. */
export interface LearningContext {
  /** Texts of the page, for what it shares with the song's view. */
  readonly i18n: I18n;
  /** Texts of the learning room (i18n/learn-en.ts, learn-zh-CN.ts). */
  readonly texts: LearningTexts;
  readonly notices: Notices;
  readonly song: LearningSong;
  /** The manifest of the model that separated the song, as it is at the song's quality. */
  readonly manifest: ModelManifest;
  /** The same with all qualities. */
  readonly wholeManifest: ModelManifest;
  /** The engine of the page: the same that separated the song. */
  readonly client: SeparationClient;
  /** Reads a file as sound, at its own rate. */
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  /** Transforms, filters and measures, in a worker that starts at the first question and ends with the room. */
  readonly lab: LearningClient;
  /** Calls back when more of the song is separated, and once at first, until the scope ends. */
  watchSong(scope: Scope, callback: () => void): void;
  /** Calls back when the colours of the style sheet may have changed. */
  onRecolour(scope: Scope, callback: () => void): void;
}

/**
 * Builds a section's interactive part. Everything it starts belongs to `scope`, which ends when the person leaves the
 * section or opens another song. What takes long is begun, not waited for.
 */
export type MountSection = (scope: Scope, context: LearningContext) => HTMLElement;
