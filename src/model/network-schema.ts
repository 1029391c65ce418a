import { z } from 'zod';

// The limits keep a foreign manifest from asking for more memory than there is.
export const countSchema = z
  .int()
  .positive()
  .max(2 ** 16);
const filters = z.array(countSchema).min(1).max(12);

const fileSchema = z.strictObject({
  path: z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/, 'expected a plain relative path'),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
});

/** The U-Net of the paper and of the Chainer and TensorFlow systems: see graph/unet.ts. */
const unetSchema = z.strictObject({
  family: z.literal('unet'),
  kernel: z.union([z.literal(4), z.literal(5)]),
  encoderFilters: filters,
  /** As many as the encoder's; the last is the number of output channels, one mask for each input channel. */
  decoderFilters: filters,
  /** Batch norm before the activation (the paper) or after it. The last decoder block has no batch norm. */
  order: z.enum(['norm-activation', 'activation-norm']),
  /** Slope of the encoder's leaky ReLU below 0. The decoder's is a plain ReLU. */
  slope: z.number().nonnegative(),
  /** Batch norm's epsilon. */
  epsilon: z.number().positive(),
  /** Whether the convolutions have a bias. */
  bias: z.boolean(),
  outputActivation: z.enum(['sigmoid', 'relu']),
  /** Order of channels in the concatenation of decoder and encoder. */
  skipOrder: z.enum(['decoder-encoder', 'encoder-decoder']),
  /** The network's output: a mask of the mixture, or the stem's magnitude in the normalised scale. */
  output: z.enum(['mask', 'magnitude']),
});

const innerActivationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('leaky-relu'), slope: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('relu') }),
  z.strictObject({ kind: z.literal('elu') }),
]);

/** Spleeter's U-Net with two channels in and a mask for each out: see graph/spleeter.ts. */
const spleeterSchema = z.strictObject({
  family: z.literal('spleeter'),
  /** Of the encoder; the decoder's are the same in reverse, and 1. */
  filters,
  /** Batch norm's epsilon. */
  epsilon: z.number().positive(),
  /** Activations of encoder and decoder. */
  encoder: innerActivationSchema,
  decoder: innerActivationSchema,
  /** `logit`: a softmax over the networks makes their masks (deezer/spleeter, softmax_unet). */
  output: z.enum(['mask', 'logit']),
});

export const networkSchema = z.discriminatedUnion('family', [unetSchema, spleeterSchema]);

/** A network and its files: one is a model.json of TF.js, the others hold the weights that it lists. */
export const storedNetworkSchema = z.discriminatedUnion('family', [
  unetSchema.extend({ files: z.array(fileSchema).min(2) }),
  spleeterSchema.extend({ files: z.array(fileSchema).min(2) }),
]);
export type UnetDescription = z.infer<typeof unetSchema>;
export type SpleeterDescription = z.infer<typeof spleeterSchema>;
export type NetworkDescription = UnetDescription | SpleeterDescription;
export type StoredNetwork = z.infer<typeof storedNetworkSchema>;
export type ModelFile = StoredNetwork['files'][number];
