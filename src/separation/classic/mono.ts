import type { AudioData } from '../../audio/audio-data.ts';
import { toMono } from '../../audio/mixdown.ts';
import { resample } from '../../audio/resample.ts';
import { ParameterError } from '../../core/errors.ts';
import { applyMaskKind, type MaskKind } from '../../dsp/mask.ts';
import { type Spectrogram, Stft } from '../../dsp/stft.ts';
import { type ModelManifest, mainNetwork, type PatchDescription, sizeUnit } from '../../model/manifest.ts';
import type { VariablePredictor } from '../../model/predictor.ts';
import { songDivisor } from '../song-divisor.ts';
import type { StemChunk } from '../types.ts';

export interface MonoOptions {
  readonly mask: MaskKind;
  /** Frames that the network runs on at once. */
  readonly frames: 'patch' | 'whole';
  readonly batchSize: number;
  readonly signal?: AbortSignal;
}

/**
 * Separates a song with the transforms of Xiao-Ming/UNet-VocalSeparation-Chainer and
 * Jeongseungwoo/Singing-Voice-Separation (util.py of both): the mono mix at the model's rate, `librosa.stft` with the
 * padding by reflection that was its default then (before 0.10), normalisation by the maximum of the whole spectrum
 * where the manifest says so, mask × mixture with a mask of 0 outside the network's bins, `librosa.istft`. The other
 * stem is the rest. What a network gives as magnitude is used as it is, with the mixture's phase, also where it is more
 * than the mixture's, and in silence, where the phase is 0.
 *
 * The systems' own examples differ in what the network is given. Chainer's DoExperiment.py calls it once for all frames
 * of its excerpt: `whole`, filled with zeros to a length that the network can halve as often as it does. TensorFlow's
 * Test.py calls it for one patch, whose magnitudes are not normalised though those of its training were: normalisation
 * `none` in the manifest. See docs/converting.md.
 *
 * `librosa.istft` ends at the centre of the last frame, up to one hop before the song does; what follows is
 * accompaniment.
 *
 * @param song one or two channels, any rate
 * @returns pieces, one for each call of the network, of one channel at the model's rate; vocals + accompaniment = the
 * mix
 * @throws ParameterError for a model of two channels. Otherwise as `separateClassic`
 */
export async function* separateMono(
  song: AudioData,
  given: VariablePredictor,
  { mask: kind, frames: size, batchSize, signal }: MonoOptions,
): AsyncGenerator<StemChunk, void, undefined> {
  if (given.manifest.channels !== 1) {
    throw new ParameterError('parameter.classic-mono', { id: given.manifest.id });
  }
  const { stft: settings, sampleRate } = given.manifest;
  const mixture = await resample(toMono(song), song.sampleRate, sampleRate);
  const stft = new Stft({ ...settings, padding: 'reflect' });
  const frames = frameCount(mixture.length, stft);
  const end = Math.min(mixture.length, (frames - 1) * stft.hop + (stft.centred ? 0 : stft.fftSize));
  const model = size === 'whole' ? given.variant(inOnePatch(given.manifest, frames)) : given;
  const { patch, normalisation } = model.manifest;
  const [target, { output }] = mainNetwork(model.manifest);
  const divisor =
    normalisation.kind === 'song-maximum'
      ? greatestMagnitude(mixture, stft, frames)
      : await songDivisor(song, model.manifest, []);
  const adder = stft.overlapAdder();
  for (let first = 0; first < frames; ) {
    signal?.throwIfAborted();
    // One patch first: the person hears something sooner.
    const patches = first === 0 ? 1 : Math.min(batchSize, Math.ceil((frames - first) / patch.frames));
    const count = Math.min(patches * patch.frames, frames - first);
    const last = first + count === frames;
    const spectrum = stft.forwardFrames(mixture, first, count);
    const magnitudes = magnitudesOf(spectrum, patch, patches);
    const predicted = await model.predict(magnitudes, patches, divisor, { raw: true });
    const said = predicted.subarray(0, count * patch.bins);
    if (output === 'magnitude' && kind.kind === 'soft') setMagnitudes(spectrum, said, patch);
    else applyMasks(spectrum, applyMaskKind(output === 'mask' ? said : ratio(said, magnitudes), kind), patch);
    const start = adder.position;
    stft.addInverse(adder, spectrum, 0, count);
    const [stem] = last ? adder.flush(end) : adder.take(end);
    const whole = mixture.subarray(start, last ? mixture.length : start + stem.length);
    const vocals = target === 'vocals' ? stem : rest(whole.subarray(0, stem.length), stem);
    yield {
      start,
      vocals: [extended(vocals, whole.length)],
      accompaniment: [rest(whole, vocals)],
      doneSamples: start + whole.length,
      totalSamples: mixture.length,
    };
    first += count;
  }
}

/** A model whose patch is as long as the song, in a length that its network takes. */
function inOnePatch(manifest: ModelManifest, frames: number): ModelManifest {
  const unit = sizeUnit(manifest);
  return { ...manifest, patch: { ...manifest.patch, frames: Math.ceil(frames / unit) * unit } };
}

/** Frames of `librosa.stft`: fewer than ours by one where samples follow the last centre, or the last whole frame. */
function frameCount(samples: number, { centred, fftSize, hop }: Stft): number {
  return 1 + Math.floor(Math.max(0, centred ? samples : samples - fftSize) / hop);
}

/** Over all bins, those that the network does not see included. */
function greatestMagnitude(signal: Float32Array, stft: Stft, frames: number): number {
  const column = new Float32Array(stft.bins);
  let greatest = 0;
  for (let frame = 0; frame < frames; frame++) {
    stft.magnitudeFrame(signal, frame, column);
    for (const value of column) if (value > greatest) greatest = value;
  }
  return greatest;
}

/** Whole patches of the network's bins; zeros where the spectrum ends. */
function magnitudesOf({ frames, bins, re, im }: Spectrogram, patch: PatchDescription, patches: number): Float32Array {
  const magnitudes = new Float32Array(patches * patch.frames * patch.bins);
  for (let frame = 0, to = 0; frame < frames; frame++) {
    const from = frame * bins + patch.firstBin;
    for (let i = from; i < from + patch.bins; i++) magnitudes[to++] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
  }
  return magnitudes;
}

/** The mask that a magnitude makes of the mixture's; none in silence. */
function ratio(magnitudes: Float32Array, mixture: Float32Array): Float32Array {
  return magnitudes.map((value, i) => (mixture[i] > 0 ? value / mixture[i] : 0));
}

/** Magnitudes with the spectrum's phase, in place; 0 outside the network's bins. */
function setMagnitudes({ frames, bins, re, im }: Spectrogram, magnitudes: Float32Array, patch: PatchDescription): void {
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      const row = bin - patch.firstBin;
      const magnitude = row >= 0 && row < patch.bins ? magnitudes[frame * patch.bins + row] : 0;
      const i = frame * bins + bin;
      const length = Math.hypot(re[i], im[i]);
      // As librosa.magphase: what has no length points at 1.
      re[i] = length > 0 ? (re[i] / length) * magnitude : magnitude;
      im[i] = length > 0 ? (im[i] / length) * magnitude : 0;
    }
  }
}

/** Spectrum × mask, in place; 0 outside the network's bins. */
function applyMasks({ frames, bins, re, im }: Spectrogram, masks: Float32Array, patch: PatchDescription): void {
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      const row = bin - patch.firstBin;
      const gain = row >= 0 && row < patch.bins ? masks[frame * patch.bins + row] : 0;
      re[frame * bins + bin] *= gain;
      im[frame * bins + bin] *= gain;
    }
  }
}

/** What a stem leaves of the whole; beyond the stem's end, the whole. */
function rest(whole: Float32Array, stem: Float32Array): Float32Array {
  return whole.map((value, n) => (n < stem.length ? value - stem[n] : value));
}

/** With silence after its end. */
function extended(stem: Float32Array, length: number): Float32Array {
  if (stem.length === length) return stem;
  const longer = new Float32Array(length);
  longer.set(stem);
  return longer;
}
