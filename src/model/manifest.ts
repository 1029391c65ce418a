import { z } from 'zod';
import { ModelError } from '../errors.ts';

// The limits keep a manifest that came with somebody's model from asking for more memory than there is.
const count = z
  .int()
  .positive()
  .max(2 ** 16);
const filters = z.array(count).min(1).max(12);

/** Short-time Fourier transform that the network was trained on. Lengths in samples at the model's rate. */
const stftSchema = z.object({
  fftSize: count.refine((size) => Number.isInteger(Math.log2(size)), 'expected a power of two'),
  windowLength: count,
  hop: count,
  window: z.enum(['hann', 'hamming', 'blackman', 'sine', 'rectangular']),
  /** Frame t is centred on sample t × hop (the signal is padded), rather than beginning there. */
  centred: z.boolean(),
});

/** The piece of the magnitude spectrogram that is one input: `bins` bins from `firstBin`, `frames` columns. */
const patchSchema = z.object({
  frames: count,
  firstBin: z.int().nonnegative(),
  bins: count,
});

/** What is done to the magnitudes after normalisation. `log`: log(1 + scale·x), natural, not divided by log(1 + scale). */
const compressionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('log'), scale: z.number().positive() }),
]);

/**
 * The U-Net, as built by layers-model.ts and network.ts. Encoder: convolutions of stride 2; decoder: transposed
 * convolutions of stride 2, whose outputs are concatenated with the encoder's output of the same size.
 */
const networkSchema = z.object({
  kernel: z.union([z.literal(4), z.literal(5)]),
  stride: z.literal(2),
  /** TensorFlow's “same” at even sizes: 1 row before and kernel − 3 rows after. For kernel 4 that is “padding 1”. */
  padding: z.literal('same'),
  encoderFilters: filters,
  /** As many as the encoder's; the last is the output's channels, one mask for each channel of the input. */
  decoderFilters: filters,
  /** Batch norm before the activation (the paper) or after it. The last decoder layer has no batch norm. */
  order: z.enum(['norm-activation', 'activation-norm']),
  /** Slope of the encoder's leaky ReLU below 0. The decoder's is a plain ReLU. */
  slope: z.number().nonnegative(),
  /** Batch norm's epsilon. */
  epsilon: z.number().positive(),
  /** Whether the convolutions have a bias. */
  bias: z.boolean(),
  outputActivation: z.enum(['sigmoid', 'relu']),
  /** Order of channels where the decoder's output meets the encoder's. */
  skipOrder: z.enum(['decoder-encoder', 'encoder-decoder']),
});

const layerSchema = z.object({ weights: z.array(z.array(z.number())).min(1), bias: z.array(z.number()).min(1) });

/**
 * What to do above the model's band: the mean of its mask above `fromHz`, times `gain`; a mask of 0; or gains from a
 * small network that was fitted to songs (dsp/high-band.ts).
 */
const highBandSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('mean'), fromHz: z.number().nonnegative(), gain: z.number().nonnegative() }),
  z.object({ rule: z.literal('zero') }),
  z.object({
    rule: z.literal('learnt'),
    lowEdges: z.array(z.number().nonnegative()).min(2),
    highEdges: z.array(z.number().positive()).min(2),
    hidden: layerSchema,
    output: layerSchema,
  }),
]);

const fileSchema = z.object({
  path: z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/, 'expected a plain relative path'),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
});

/** Known values of one output, for the start-up check of a backend: see probe.ts. */
const probeSchema = z.object({
  /** Seed of the input patch. */
  seed: z.int().nonnegative(),
  /** Positions in the output, (row × frames + frame) × channels + channel, and the layers model's values there. */
  positions: z.array(z.int().nonnegative()).min(1),
  values: z.array(z.number()).min(1),
});

const freeRecord = z.record(z.string(), z.unknown());

/** Everything about a model but the facts of its files: what training knows and `npm run convert` is given. */
const descriptionShape = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens'),
  title: z.string().min(1),
  licence: z.string().min(1),
  source: z.string().min(1),
  target: z.enum(['vocals', 'accompaniment']),
  output: z.enum(['mask', 'magnitude']),
  /** Hertz. */
  sampleRate: z.number().positive(),
  /** 1: the network runs on the mean of the song's channels. 2: on left and right as two channels of one picture; each gets a mask. */
  channels: z.union([z.literal(1), z.literal(2)]),
  stft: stftSchema,
  patch: patchSchema,
  normalisation: z.enum(['song-maximum', 'patch-maximum', 'none']),
  compression: compressionSchema,
  network: networkSchema,
  highBand: highBandSchema,
  trainedOn: freeRecord,
  evaluation: freeRecord,
};

/** Most magnitudes of a patch: sixty-four times the paper's. */
const MOST_VALUES = 2 ** 22;

type Description = z.infer<z.ZodObject<typeof descriptionShape>>;

function checkFits(model: Description, ctx: z.RefinementCtx): void {
  const fail = (path: string[], message: string) => ctx.addIssue({ code: 'custom', path, message });
  const { encoderFilters, decoderFilters } = model.network;
  if (encoderFilters.length !== decoderFilters.length) {
    fail(['network', 'decoderFilters'], `expected as many as encoderFilters (${encoderFilters.length})`);
  }
  if (decoderFilters.at(-1) !== model.channels) {
    fail(['network', 'decoderFilters'], `expected the last to be ${model.channels}`);
  }
  const { frames, bins } = model.patch;
  const unit = 2 ** encoderFilters.length;
  if (frames % unit !== 0) fail(['patch', 'frames'], `expected a multiple of ${unit}`);
  if (bins % unit !== 0) fail(['patch', 'bins'], `expected a multiple of ${unit}`);
  if (model.patch.firstBin + model.patch.bins > model.stft.fftSize / 2 + 1) {
    fail(['patch', 'bins'], `expected no more bins than the STFT has (${model.stft.fftSize / 2 + 1})`);
  }
  if (frames * bins * model.channels > MOST_VALUES)
    fail(['patch', 'frames'], `expected at most ${MOST_VALUES} values in a patch`);
  if (model.stft.windowLength > model.stft.fftSize) fail(['stft', 'windowLength'], 'expected at most fftSize');
}

const descriptionSchema = z.object(descriptionShape).superRefine(checkFits);

const manifestSchema = z
  .object({ ...descriptionShape, files: z.array(fileSchema).min(1), probe: probeSchema })
  .superRefine((model, ctx) => {
    checkFits(model, ctx);
    if (!model.files.some((file) => file.path === 'model.json')) {
      ctx.addIssue({ code: 'custom', path: ['files'], message: 'expected model.json among them' });
    }
    const size = model.patch.bins * model.patch.frames * model.channels;
    if (model.probe.positions.some((position) => position >= size)) {
      ctx.addIssue({ code: 'custom', path: ['probe', 'positions'], message: `expected less than ${size}` });
    }
    if (model.probe.positions.length !== model.probe.values.length) {
      ctx.addIssue({ code: 'custom', path: ['probe', 'values'], message: 'expected as many as positions' });
    }
  });

/** What training states about a model; see DESIGN.md, “The model manifest”. */
export type ModelDescription = Readonly<z.infer<typeof descriptionSchema>>;
/** models/<id>/manifest.json. */
export type ModelManifest = Readonly<z.infer<typeof manifestSchema>>;
export type NetworkDescription = ModelDescription['network'];
export type PatchDescription = ModelDescription['patch'];
export type ModelFile = ModelManifest['files'][number];
export type ProbeValues = ModelManifest['probe'];

function parse<T>(schema: z.ZodType<T>, json: unknown, what: string, hint: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const field = issue.path.join('.') || 'the whole';
    const missing = issue.code !== 'custom' && valueAt(json, issue.path) === undefined;
    return missing ? `${field} is missing` : `${field}: ${issue.message}`;
  });
  throw new ModelError(`${what} is not valid: ${faults.join('; ')}.`, hint);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], json);
}

/**
 * Checks a manifest that was read from `where` (a path or an address, used in the message).
 *
 * @throws ModelError that names every field that is missing or wrong.
 */
export function parseManifest(json: unknown, where: string): ModelManifest {
  return parse(
    manifestSchema,
    json,
    `The model's manifest ${where}`,
    'Get the model again, or write it again with “npm run convert”.',
  );
}

/**
 * Checks what training states about a model, before there are files.
 *
 * @throws ModelError that names every field that is missing or wrong.
 */
export function parseDescription(json: unknown, where: string): ModelDescription {
  return parse(
    descriptionSchema,
    json,
    `The description of the model in ${where}`,
    'Give the fields in a JSON file with --config.',
  );
}
