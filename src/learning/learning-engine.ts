import type { MaskedRequest, MaskedSound } from './mask/masked-sound.ts';
import type { LossMap, LossRequest } from './mix/loss-map.ts';
import type { KnownSong, Pair, PairRequest } from './mix/mix-pair.ts';
import type { Both, BssScore, Estimate, MethodName, Score } from './mix/scoring.ts';
import type { MixtureRequest } from './mixture-spectrogram.ts';
import type { PhaseRequest, PhaseSource, Reconstruction } from './sound/reconstruct-phase.ts';
import type { SpectrogramRequest, SpectrogramResult } from './sound/spectrogram.ts';

/**
 * What the worker of the learning page computes. The arrays of a request are copied, those of an answer are transferred.
 */
export interface LearningEngine {
  spectrogram(request: SpectrogramRequest): Promise<SpectrogramResult>;
  /** A newer call for the same source ends an older one, which then returns undefined. */
  reconstruct(source: PhaseSource, request: PhaseRequest): Promise<Reconstruction | undefined>;
  mixtureFrames(request: MixtureRequest): Promise<Float32Array>;
  maskedSound(request: MaskedRequest): Promise<MaskedSound>;
  fitPair(request: PairRequest): Promise<Pair>;
  mixPair(pair: Pair, voiceDecibels: number): Promise<KnownSong>;
  estimateOf(method: Exclude<MethodName, 'separated'>, song: KnownSong): Promise<Estimate>;
  scoreOf(song: KnownSong, estimate: Estimate): Promise<Both<Score>>;
  bssScoreOf(song: KnownSong, estimate: Estimate): Promise<Both<BssScore> | undefined>;
  lossMap(request: LossRequest): Promise<LossMap>;
}
