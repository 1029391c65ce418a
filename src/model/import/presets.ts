import { ModelError } from '../../core/errors.ts';
import { chainerUnet } from './chainer-unet.ts';
import { jansson } from './jansson.ts';
import type { Preset } from './preset.ts';
import { spleeter } from './spleeter.ts';
import { tfUnet } from './tf-unet.ts';

/** All presets, in display order. */
export const PRESETS: readonly Preset[] = [spleeter, chainerUnet, tfUnet, jansson];

/** @throws ModelError when no preset has this id */
export function findPreset(id: string): Preset {
  const preset = PRESETS.find((preset) => preset.id === id);
  if (preset) return preset;
  throw new ModelError('checkpoint.no-preset', { id, ids: PRESETS.map((preset) => preset.id).join(', ') });
}
