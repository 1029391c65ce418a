import type { MaskedOrder, MaskedSound } from './mask/masked-sound.ts';
import type { LossMap, LossOrder } from './mix/loss-map.ts';
import type { KnownSong, Pair, PairOrder } from './mix/mix-pair.ts';
import type { Both, BssScore, Estimate, MethodName, Score } from './mix/scoring.ts';
import type { MixtureOrder } from './mixture-spectrogram.ts';
import type { PhaseOrder, PhaseSource, Reconstruction } from './sound/reconstruct-phase.ts';
import type { SpectrogramOrder, SpectrogramResult } from './sound/spectrogram.ts';

/**
 * What the worker of the learning page computes. The arrays of an order are copied, those of an answer are transferred.
 */
export interface LearningEngine {
  spectrogram(order: SpectrogramOrder): Promise<SpectrogramResult>;
  /** A newer call for the same source ends an older one, which then returns undefined. */
  reconstruct(source: PhaseSource, order: PhaseOrder): Promise<Reconstruction | undefined>;
  mixtureFrames(order: MixtureOrder): Promise<Float32Array>;
  maskedSound(order: MaskedOrder): Promise<MaskedSound>;
  fitPair(order: PairOrder): Promise<Pair>;
  mixPair(pair: Pair, voiceDecibels: number): Promise<KnownSong>;
  estimateOf(method: Exclude<MethodName, 'separated'>, song: KnownSong): Promise<Estimate>;
  scoreOf(song: KnownSong, estimate: Estimate): Promise<Both<Score>>;
  bssScoreOf(song: KnownSong, estimate: Estimate): Promise<Both<BssScore> | undefined>;
  lossMap(order: LossOrder): Promise<LossMap>;
}
