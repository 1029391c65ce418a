/**
 * Unsung as a package: separates songs into vocals and accompaniment on a page, with your own model or one of the
 * project's. Importing it defines `<unsung-player>`.
 */
export type { AudioData } from '../audio/audio-data.ts';
export { encodeWav } from '../audio/encode/encode-wav.ts';
export { AudioDecodeError, BackendError, ModelError, ParameterError, UnsungError } from '../core/errors.ts';
export type { Quality } from '../model/manifest.ts';
export { Priority } from '../separation/priority.ts';
export type { EngineEvent, EngineStatus } from '../separation/separation-engine.ts';
export type { SeparationChunk } from '../separation/types.ts';
export type { AudioInput } from './audio-input.ts';
export {
  createSeparator,
  type SeparateOptions,
  type Separator,
  type SeparatorOptions,
  type Stems,
} from './separator.ts';
export { UnsungPlayer };

import { UnsungPlayer } from './player-element.ts';

declare global {
  interface HTMLElementTagNameMap {
    'unsung-player': UnsungPlayer;
  }
}

if (!customElements.get('unsung-player')) customElements.define('unsung-player', UnsungPlayer);
