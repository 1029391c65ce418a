import type { MaskedOrder, MaskedSound } from './mask/masked-sound.ts';
import type { LossMap, LossOrder } from './mix/loss-map.ts';
import type { KnownSong, Pair, PairOrder } from './mix/mix-pair.ts';
import type { Both, BssScore, Estimate, MethodName, Score } from './mix/scoring.ts';
import type { MixtureOrder } from './mixture-spectrogram.ts';
import type { PhaseOrder, Rebuilt, StartPhase } from './sound/reconstruct-phase.ts';
import type { SpectrogramOrder, SpectrogramResult } from './sound/spectrogram.ts';

/**
 * What the learning room's worker computes. Each answer's arrays are handed over, each order's copied. A question of
 * some kind ends an earlier one of the same kind that is still being computed: its answer is undefined.
 */
export interface LearningEngine {
  spectrogram(order: SpectrogramOrder): Promise<SpectrogramResult>;
  /** @param onRound receives the rounds of Griffin and Lim that are done */
  rebuild(phase: StartPhase, order: PhaseOrder, onRound?: (round: number) => void): Promise<Rebuilt | undefined>;
  mixtureFrames(order: MixtureOrder): Promise<Float32Array>;
  maskedSound(order: MaskedOrder): Promise<MaskedSound>;
  fitPair(order: PairOrder): Promise<Pair>;
  mixPair(pair: Pair, voiceDecibels: number): Promise<KnownSong>;
  estimateOf(method: Exclude<MethodName, 'separated'>, song: KnownSong): Promise<Estimate>;
  scoreOf(song: KnownSong, estimate: Estimate): Promise<Both<Score>>;
  bssScoreOf(song: KnownSong, estimate: Estimate): Promise<Both<BssScore> | undefined>;
  lossMap(order: LossOrder): Promise<LossMap>;
}
