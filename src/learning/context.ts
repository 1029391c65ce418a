import type { AudioData } from '../audio/audio-data.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { Player } from '../player/player.ts';
import type { ModelChoice, Quality, SeparationClient } from '../separation/separation-client.ts';
import type { SongStorage } from '../songs/storage/song-storage.ts';
import type { Notices } from '../ui/shell/notices.ts';
import type { LearningClient } from './learning-client.ts';
import type { LearningTexts } from './texts.ts';

/** The song that is open on the page. The learning page shows it. */
export interface LearningSong {
  readonly name: string;
  /** Name of its file without ending, for saved files. */
  readonly baseName: string;
  /** Its original, and the vocals and the mask as far as they are separated. */
  readonly store: SongStorage;
  readonly player: Player;
  /** The model that separates it, or separated it last. */
  readonly model: ModelChoice;
  /** The quality of that model; undefined: the model has only one, or the separation has not begun. */
  readonly quality: Quality | undefined;
  /** To be called when something is painted on its mask. @param busy whether it cannot be heard yet */
  readonly painted: (busy: boolean) => void;
}

/** What a section works with. The section is mounted again when another song is opened. */
export interface LearningContext {
  /** Texts that the learning page shares with the rest of the page. */
  readonly i18n: I18n;
  /** Texts of the learning page. */
  readonly texts: LearningTexts;
  readonly notices: Notices;
  readonly song: LearningSong;
  /** The manifest of the model that separated the song, at the song's quality. */
  readonly manifest: ModelManifest;
  /** The same manifest with all its qualities. */
  readonly wholeManifest: ModelManifest;
  /** The page's engine, which separates the song. */
  readonly separationClient: SeparationClient;
  /** Decodes a file at its own sampling rate. */
  readonly decode: (file: Blob, name: string) => Promise<AudioData>;
  /** Transforms, filters and measures, in a worker that ends with the learning page. */
  readonly learningClient: LearningClient;
  /** Calls back now, and when more of the song is separated, until the scope ends. */
  watchSong(scope: Scope, callback: () => void): void;
  /** Calls back when the colours of the style sheet may have changed, until the scope ends. */
  onRecolour(scope: Scope, callback: () => void): void;
}

/**
 * Builds a section. Everything that it starts belongs to `scope`, which ends when the person leaves the section or opens
 * another song. Long computations are started, not awaited.
 */
export type MountSection = (scope: Scope, context: LearningContext) => HTMLElement;
