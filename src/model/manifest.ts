import { z } from 'zod';
import { ModelError } from '../core/errors.ts';
import { type Message, message } from '../core/message.ts';
import { STEMS, type Stem } from './manifest-facts.ts';
import { isVersion1, upgradeVersion1 } from './manifest-version-1.ts';
import { countSchema, type NetworkDescription, networkSchema, storedNetworkSchema } from './network-schema.ts';

export * from './manifest-facts.ts';
export type {
  ModelFile,
  NetworkDescription,
  SpleeterDescription,
  StoredNetwork,
  UnetDescription,
} from './network-schema.ts';

/** Short-time Fourier transform that the networks were trained on. Lengths in samples at the model's rate. */
const stftSchema = z.strictObject({
  fftSize: countSchema.refine((size) => Number.isInteger(Math.log2(size)), 'expected a power of two'),
  windowLength: countSchema,
  hop: countSchema,
  window: z.enum(['hann', 'hamming', 'blackman', 'sine', 'rectangular']),
  /** Frame t is centred on sample t × hop (the signal is padded), rather than beginning there. */
  centred: z.boolean(),
});

/** One input of a network: `bins` bins of the magnitude spectrogram from `firstBin` on, `frames` columns. */
const patchSchema = z.strictObject({ frames: countSchema, firstBin: z.int().nonnegative(), bins: countSchema });

/**
 * The divisor of the magnitudes before the networks run: the song's maximum, the patch's maximum, none, or the factor
 * that brings the song's root mean square (of all samples of all channels, full scale 1) to `level`.
 */
const normalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('song-maximum') }),
  z.strictObject({ kind: z.literal('patch-maximum') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('song-level'), level: z.number().positive().max(1) }),
]);

/**
 * Compression of the magnitudes after normalisation. `log`: the natural log(1 + scale·x), not divided by log(1 +
 * scale).
 */
const compressionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('log'), scale: z.number().positive() }),
]);

const stemSchema = z.enum(STEMS);

/**
 * How the networks' estimates x become the mask of the vocals. `single`: the mask of the one network (or 1 − its mask,
 * for a network of the accompaniment). `ratio`: (vᵖ + ε/n) / (Σ xᵖ + ε) over n networks (Spleeter: p = 2, ε = 1e-10).
 */
const combineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single') }),
  z.strictObject({
    kind: z.literal('ratio'),
    exponent: z.number().positive().max(8),
    epsilon: z.number().nonnegative(),
  }),
]);

const layerSchema = z.strictObject({ weights: z.array(z.array(z.number())).min(1), bias: z.array(z.number()).min(1) });

/**
 * The mask above the model's band: the mean of its mask above `fromHz`, times `gain`; 0; or gains from a small network
 * that was fitted to songs (dsp/high-band.ts).
 */
const highBandSchema = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('mean'), fromHz: z.number().nonnegative(), gain: z.number().nonnegative() }),
  z.strictObject({ rule: z.literal('zero') }),
  z.strictObject({
    rule: z.literal('learnt'),
    lowEdges: z.array(z.number().nonnegative()).min(2),
    highEdges: z.array(z.number().positive()).min(2),
    hidden: layerSchema,
    output: layerSchema,
  }),
]);

/** A setting that trades sound for speed with the same weights: which networks run, on how many bins. */
const qualitySchema = z.strictObject({
  networks: z.array(stemSchema).min(1),
  bins: countSchema,
  highBand: highBandSchema.optional(),
});

/** Known values of the first network's output, for the start-up check of a backend: see probe.ts. */
const probeSchema = z.strictObject({
  /** Size of the input. */
  bins: countSchema,
  frames: countSchema,
  /** Seed of the input. */
  seed: z.int().nonnegative(),
  /** Positions in the output, (bin × frames + frame) × channels + channel, and the layers model's values there. */
  positions: z.array(z.int().nonnegative()).min(1),
  values: z.array(z.number()).min(1),
});

const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens');

/** Text in English, and in other languages by their tag (`zh-CN`). A plain text is English. */
const titleSchema = z.union([
  z
    .string()
    .min(1)
    .transform((en) => ({ en })),
  z.object({ en: z.string().min(1) }).catchall(z.string().min(1)),
]);

const freeRecord = z.record(z.string(), z.unknown());

/** Everything about a model except its files: training writes it and `npm run convert` reads it. */
const sharedShape = {
  version: z.literal(2),
  id: idSchema,
  title: titleSchema,
  licence: z.string().min(1),
  /** Texts of licences that must go with the weights. */
  notice: z.string().min(1).optional(),
  source: z.string().min(1),
  /** Hertz. */
  sampleRate: z.number().positive(),
  /**
   * 1: the networks run on the mean of the song's channels. 2: left and right are two channels of one input, each with
   * its mask.
   */
  channels: z.union([z.literal(1), z.literal(2)]),
  stft: stftSchema,
  patch: patchSchema,
  normalisation: normalisationSchema,
  compression: compressionSchema,
  combine: combineSchema,
  /** Undefined: all networks on all bins. */
  qualities: z.strictObject({ best: qualitySchema, fast: qualitySchema }).optional(),
  highBand: highBandSchema,
  trainedOn: freeRecord,
  evaluation: freeRecord,
};

const descriptionShape = { ...sharedShape, networks: z.partialRecord(stemSchema, networkSchema) };
const manifestShape = {
  ...sharedShape,
  networks: z.partialRecord(stemSchema, storedNetworkSchema),
  probe: probeSchema,
};

/** Magnitudes of a patch at most: sixty-four times the paper's. */
const MAX_PATCH_VALUES = 2 ** 22;

type Description = z.infer<z.ZodObject<typeof descriptionShape>>;

function checkFits(model: Description, ctx: z.RefinementCtx): void {
  const fail = (path: string[], message: string) => ctx.addIssue({ code: 'custom', path, message });
  const { stft, patch, channels, combine } = model;
  const networks = Object.entries(model.networks);
  const unit = sizeUnit(model);
  for (const [stem, network] of networks) {
    if (network.family === 'spleeter') {
      if (channels !== 2) fail(['channels'], 'expected 2 for networks of Spleeter');
      if (network.output === 'logit' && networks.length === 1) {
        fail(['networks', stem, 'output'], 'expected mask of one network');
      }
      continue;
    }
    const { encoderFilters, decoderFilters, output } = network;
    const at = ['networks', stem];
    if (encoderFilters.length !== decoderFilters.length) {
      fail([...at, 'decoderFilters'], `expected as many as encoderFilters (${encoderFilters.length})`);
    }
    if (decoderFilters.at(-1) !== channels) fail([...at, 'decoderFilters'], `expected the last to be ${channels}`);
    if (output === 'magnitude' && networks.length > 1) fail([...at, 'output'], 'expected mask of several networks');
  }
  if (!model.networks.vocals && !(model.networks.accompaniment && networks.length === 1)) {
    fail(['networks'], 'expected one of the vocals, or one of the accompaniment alone');
  }
  if (new Set(networks.map(([, { output }]) => output === 'logit')).size > 1) {
    fail(['networks'], 'expected logits of all or of none');
  }
  if ((combine.kind === 'ratio') !== networks.length > 1) {
    fail(
      ['combine', 'kind'],
      `expected ${networks.length > 1 ? 'ratio of several networks' : 'single of one network'}`,
    );
  }
  if (patch.frames % unit !== 0) fail(['patch', 'frames'], `expected a multiple of ${unit}`);
  if (patch.bins % unit !== 0) fail(['patch', 'bins'], `expected a multiple of ${unit}`);
  for (const [name, quality] of Object.entries(model.qualities ?? {})) {
    const at = ['qualities', name];
    if (quality.bins > patch.bins || quality.bins % unit !== 0) {
      fail([...at, 'bins'], `expected a multiple of ${unit} up to ${patch.bins}`);
    }
    if (quality.networks.some((stem) => !model.networks[stem])) fail([...at, 'networks'], 'expected some of networks');
    if (networks.some(([stem, { output }]) => output === 'logit' && !quality.networks.includes(stem as Stem))) {
      fail([...at, 'networks'], 'expected all, for their masks are a softmax over them');
    }
    if (!quality.networks.includes(model.networks.vocals ? 'vocals' : 'accompaniment')) {
      fail([...at, 'networks'], 'expected that of the vocals among them');
    }
  }
  if (patch.firstBin + patch.bins > stft.fftSize / 2 + 1) {
    fail(['patch', 'bins'], `expected no more bins than the STFT has (${stft.fftSize / 2 + 1})`);
  }
  if (patch.frames * patch.bins * channels > MAX_PATCH_VALUES)
    fail(['patch', 'frames'], `expected at most ${MAX_PATCH_VALUES} values in a patch`);
  if (stft.windowLength > stft.fftSize) fail(['stft', 'windowLength'], 'expected at most fftSize');
}

/** Bins and frames of the networks' inputs must be multiples of it. */
export function sizeUnit({ networks }: Pick<ModelDescription, 'networks'>): number {
  return 2 ** Math.max(0, ...Object.values(networks).map(depthOf));
}

/** How often a network halves its input. */
function depthOf(network: NetworkDescription): number {
  return network.family === 'unet' ? network.encoderFilters.length : network.filters.length;
}

const descriptionSchema = z.strictObject(descriptionShape).superRefine(checkFits);

const manifestSchema = z.strictObject(manifestShape).superRefine((model, ctx) => {
  checkFits(model, ctx);
  for (const [stem, { files }] of Object.entries(model.networks)) {
    if (files.filter(({ path }) => isModelJson(path)).length === 1) continue;
    ctx.addIssue({ code: 'custom', path: ['networks', stem, 'files'], message: 'expected one model.json among them' });
  }
  const { bins, frames, positions, values } = model.probe;
  const unit = sizeUnit(model);
  for (const [name, side] of Object.entries({ bins, frames })) {
    if (side % unit === 0) continue;
    ctx.addIssue({ code: 'custom', path: ['probe', name], message: `expected a multiple of ${unit}` });
  }
  const size = bins * frames * model.channels;
  if (size > MAX_PATCH_VALUES || positions.some((position) => position >= size)) {
    ctx.addIssue({ code: 'custom', path: ['probe', 'positions'], message: `expected less than ${size}` });
  }
  if (positions.length !== values.length) {
    ctx.addIssue({ code: 'custom', path: ['probe', 'values'], message: 'expected as many as positions' });
  }
});

/** A model as training describes it; see docs/converting.md. */
export type ModelDescription = Readonly<z.infer<typeof descriptionSchema>>;
/** models/<id>/manifest.json. */
export type ModelManifest = Readonly<z.infer<typeof manifestSchema>>;
export type Combination = z.infer<typeof combineSchema>;
export type Normalisation = z.infer<typeof normalisationSchema>;
export type PatchDescription = ModelDescription['patch'];
export type ProbeValues = ModelManifest['probe'];

/** Whether a path is that of a network's model.json. */
export function isModelJson(path: string): boolean {
  return /(^|\/)model\.json$/.test(path);
}

function parse<T>(schema: z.ZodType<T>, given: unknown, what: Message, hint: Message): T {
  const json = isVersion1(given) ? upgradeVersion1(given, what) : given;
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const field = issue.path.join('.') || 'the whole';
    const missing = issue.code !== 'custom' && valueAt(json, issue.path) === undefined;
    return missing ? `${field} is missing` : `${field}: ${issue.message}`;
  });
  throw new ModelError('model.invalid', { what, faults: faults.join('; '), hint });
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], json);
}

/**
 * Checks a manifest that was read from `where` (a path or an address, used in the message). One of version 1 is
 * upgraded.
 *
 * @throws ModelError that names every field that is missing or wrong, or says that the model is too old.
 */
export function parseManifest(json: unknown, where: string): ModelManifest {
  return parse(manifestSchema, json, message('model.manifest', { where }), message('hint.get-or-convert'));
}

/**
 * Checks what training states about a model, before there are files. One of version 1 is upgraded.
 *
 * @throws ModelError that names every field that is missing or wrong.
 */
export function parseDescription(json: unknown, where: string): ModelDescription {
  return parse(descriptionSchema, json, message('model.description', { where }), message('hint.give-fields'));
}
