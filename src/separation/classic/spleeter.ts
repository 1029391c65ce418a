import type { AudioData } from '../../audio/audio-data.ts';
import { resample } from '../../audio/resample.ts';
import { ParameterError } from '../../core/errors.ts';
import { applyMaskKind, type MaskKind } from '../../dsp/mask.ts';
import { OverlapAdder } from '../../dsp/overlap-add.ts';
import { type Spectrogram, Stft } from '../../dsp/stft.ts';
import { type ModelManifest, networksOf } from '../../model/manifest.ts';
import type { VariablePredictor } from '../../model/predictor.ts';
import type { StemChunk } from '../types.ts';

/** The second stem. */
const REST = 1;

export interface SpleeterOptions {
  readonly mask: MaskKind;
  readonly batchSize: number;
  readonly signal?: AbortSignal;
}

/**
 * Separates a song as Spleeter does (deezer/spleeter, spleeter/model/__init__.py): a frame of zeros in front of it;
 * uncentred frames, the last of them filled with zeros; patches end to end, magnitudes as they are; for n stems with
 * estimates e, masks (e² + ε/n) / (Σ e² + ε), and zeros above the networks' bins, also for the accompaniment: nothing
 * above 11 kHz is in either stem. Of more than two stems, all but the vocals are accompaniment.
 *
 * The inverse transform divides by Σw², which for Spleeter's window and hop is its constant 3/2 wherever the song is.
 * A mono song is given to the networks as two equal channels, and one comes back.
 *
 * @param song one or two channels, any rate
 * @returns pieces, one for each call of the networks, with the song's channels at the model's rate
 * @throws ParameterError for a model with one network: its mask would be 1. Otherwise as `separateClassic`
 */
export async function* separateAsSpleeter(
  song: AudioData,
  model: VariablePredictor,
  { mask: kind, batchSize, signal }: SpleeterOptions,
): AsyncGenerator<StemChunk, void, undefined> {
  const manifest = spleeterManifest(model.manifest);
  const networks = model.variant(manifest);
  const { patch, sampleRate } = manifest;
  const stft = new Stft({ ...manifest.stft, centred: false });
  const channels = await Promise.all(
    song.channels.map(async (channel) => {
      const sound = withZerosInFront(await resample(channel, song.sampleRate, sampleRate), stft.fftSize);
      return { sound, adders: [adderFor(stft), adderFor(stft)] as const };
    }),
  );
  const end = channels[0].sound.length;
  const frames = Math.ceil(end / stft.hop);
  for (let first = 0; first < frames; ) {
    signal?.throwIfAborted();
    // One patch first: the person hears something sooner.
    const patches = first === 0 ? 1 : Math.min(batchSize, Math.ceil((frames - first) / patch.frames));
    const count = Math.min(patches * patch.frames, frames - first);
    const last = first + count === frames;
    const spectra = channels.map(({ sound }) => stft.forwardFrames(sound, first, count));
    const spectrograms = [spectra[0], spectra[channels.length - 1]];
    const masks = applyMaskKind(await networks.predict(magnitudesOf(spectrograms, patch, patches), patches), kind);
    const start = channels[0].adders[0].position - stft.fftSize;
    const stems = channels.map(({ adders }, c) =>
      adders.map((adder, stem) => {
        stft.addInverse(adder, masked(spectra[c], masks, { channel: c, patch, rest: stem === REST }), 0, count);
        const [finished] = last ? adder.flush(end) : adder.take(end);
        return finished;
      }),
    );
    yield {
      start,
      vocals: stems.map(([vocals]) => vocals),
      accompaniment: stems.map(([, accompaniment]) => accompaniment),
      doneSamples: start + stems[0][0].length,
      totalSamples: end - stft.fftSize,
    };
    first += count;
  }
}

/**
 * A model's networks with what the configurations of Spleeter say: configs/2stems, 4stems and 5stems, base_config.json.
 */
function spleeterManifest({ qualities: _, ...manifest }: ModelManifest): ModelManifest {
  if (networksOf(manifest).length < 2) {
    throw new ParameterError('parameter.classic-networks', { id: manifest.id });
  }
  return {
    ...manifest,
    normalisation: { kind: 'none' },
    compression: { kind: 'none' },
    // EstimatorSpecBuilder.EPSILON, and separation_exponent.
    combine: { kind: 'ratio', exponent: 2, epsilon: 1e-10 },
    highBand: { rule: 'zero' },
  };
}

function withZerosInFront(sound: Float32Array, zeros: number): Float32Array {
  const longer = new Float32Array(zeros + sound.length);
  longer.set(sound, zeros);
  return longer;
}

/** Collects the frames of a stem; gives nothing of the zeros in front. */
function adderFor({ window, hop, fftSize }: Stft): OverlapAdder {
  return new OverlapAdder({ window, hop, channels: 1, from: fftSize });
}

/** Where a channel's frame is among patches × channels × frames × bins. */
function placeOf(frame: number, channel: number, { frames, bins }: ModelManifest['patch']): number {
  const patch = Math.floor(frame / frames);
  return ((2 * patch + channel) * frames + (frame % frames)) * bins;
}

/** Whole patches of the networks' bins, left and right; zeros where the spectrum ends. */
function magnitudesOf(
  spectrograms: readonly Spectrogram[],
  patch: ModelManifest['patch'],
  patches: number,
): Float32Array {
  const magnitudes = new Float32Array(patches * 2 * patch.frames * patch.bins);
  for (const [channel, { frames, bins, re, im }] of spectrograms.entries()) {
    for (let frame = 0; frame < frames; frame++) {
      const from = frame * bins + patch.firstBin;
      const to = placeOf(frame, channel, patch);
      for (let bin = 0; bin < patch.bins; bin++) {
        magnitudes[to + bin] = Math.sqrt(re[from + bin] ** 2 + im[from + bin] ** 2);
      }
    }
  }
  return magnitudes;
}

/** Spectrum × mask, or × (1 − mask) for the `rest`; 0 outside the networks' bins. */
function masked(
  { frames, bins, re, im }: Spectrogram,
  masks: Float32Array,
  {
    channel,
    patch,
    rest,
  }: { readonly channel: number; readonly patch: ModelManifest['patch']; readonly rest: boolean },
): Spectrogram {
  const out = { frames, bins, re: new Float32Array(re.length), im: new Float32Array(im.length) };
  for (let frame = 0; frame < frames; frame++) {
    const from = placeOf(frame, channel, patch);
    const to = frame * bins + patch.firstBin;
    for (let bin = 0; bin < patch.bins; bin++) {
      const mask = masks[from + bin];
      const gain = rest ? 1 - mask : mask;
      out.re[to + bin] = re[to + bin] * gain;
      out.im[to + bin] = im[to + bin] * gain;
    }
  }
  return out;
}
