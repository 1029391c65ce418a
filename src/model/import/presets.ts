import { ModelError } from '../../core/errors.ts';
import { chainerUnet } from './chainer-unet.ts';
import { jansson } from './jansson.ts';
import type { Preset } from './preset.ts';
import { spleeter } from './spleeter.ts';
import { tfUnet } from './tf-unet.ts';

/** In the order in which to show them. */
export const PRESETS: readonly Preset[] = [spleeter, chainerUnet, tfUnet, jansson];

/** @throws ModelError when there is none of that name */
export function findPreset(id: string): Preset {
  const preset = PRESETS.find((preset) => preset.id === id);
  if (preset) return preset;
  throw new ModelError('checkpoint.no-preset', { id, ids: PRESETS.map((preset) => preset.id).join(', ') });
}
