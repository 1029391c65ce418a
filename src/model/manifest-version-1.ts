import { ModelError } from '../core/errors.ts';
import type { MessageValue } from '../core/message.ts';

type Json = Readonly<Record<string, unknown>>;

/** Fields of version 1 that version 2 no longer has, and which of their values had no effect. */
const REMOVED: Readonly<Record<string, (value: unknown) => boolean>> = {
  speeds: (value) => value === 1,
  partner: () => false,
};

/** Whether something is a manifest, or a description, of version 1: these had one `network` and no `version`. */
export function isVersion1(json: unknown): json is Json {
  return isObject(json) && json.version === undefined && isObject(json.network);
}

/**
 * Upgrades a manifest, or a description, of version 1 to version 2. Faulty fields stay, for the schema to report.
 *
 * @throws ModelError for a model that needs removed features: several speeds, a partner model, rows of several bins,
 * blocks that mix the rows
 */
export function upgradeVersion1(json: Json, what: MessageValue): Json {
  const { network, target, output, files, probe, normalisation, ...rest } = json;
  const { mixing, stride: _, padding: __, ...unet } = network as Json;
  const patch = isObject(rest.patch) ? rest.patch : {};
  const removed = Object.entries(REMOVED).flatMap(([field, harmless]) =>
    rest[field] === undefined || harmless(rest[field]) ? [] : [field],
  );
  if (mixing !== undefined) removed.push('network.mixing');
  if (patch.bands !== undefined) removed.push('patch.bands');
  if (removed.length > 0) {
    throw new ModelError('model.old-version', { what, fields: removed.join(', ') });
  }
  const kept = Object.entries(rest).filter(([field]) => !(field in REMOVED));
  const stem = target === 'accompaniment' ? 'accompaniment' : 'vocals';
  const given = { ...unet, family: 'unet', output, ...(files !== undefined && { files }) };
  return {
    version: 2,
    ...Object.fromEntries(kept),
    normalisation: typeof normalisation === 'string' ? { kind: normalisation } : normalisation,
    networks: { [stem]: given },
    combine: { kind: 'single' },
    // In version 1 the probe was a whole patch.
    ...(isObject(probe) && { probe: { bins: patch.bins, frames: patch.frames, ...probe } }),
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
