import { exposeEngine } from '../core/expose-engine.ts';
import { nextTask } from '../core/next-task.ts';
import type { LearningEngine } from './learning-engine.ts';
import { maskedSound } from './mask/masked-sound.ts';
import { lossMap } from './mix/loss-map.ts';
import { fitPair, mixPair } from './mix/mix-pair.ts';
import { bssScoreOf, estimateOf, scoreOf } from './mix/scoring.ts';
import { mixtureFrames } from './mixture-spectrogram.ts';
import { type PhaseSource, reconstruct } from './sound/reconstruct-phase.ts';
import { spectrogram } from './sound/spectrogram.ts';
import { transferArrays } from './transfer-arrays.ts';

/** The newest call to `reconstruct` for each source. */
const newestCalls = new Map<PhaseSource, symbol>();

const engine: LearningEngine = {
  async spectrogram(request) {
    const result = spectrogram(request);
    return transferArrays(result, result.levels);
  },

  async reconstruct(source, request) {
    const call = Symbol(source);
    newestCalls.set(source, call);
    const result = await reconstruct(source, request, async () => {
      // A newer call must be able to arrive.
      await nextTask();
      return newestCalls.get(source) === call;
    });
    return result && transferArrays(result, result.samples);
  },

  async mixtureFrames(request) {
    const frames = await mixtureFrames(request);
    return transferArrays(frames, frames);
  },

  async maskedSound(request) {
    const sound = maskedSound(request);
    return transferArrays(sound, ...sound.product, ...sound.mask);
  },

  async fitPair(request) {
    const pair = await fitPair(request);
    return transferArrays(pair, ...pair.vocals, ...pair.accompaniment);
  },

  async mixPair(pair, voiceDecibels) {
    const song = mixPair(pair, voiceDecibels);
    return transferArrays(song, ...song.vocals, ...song.accompaniment, ...song.mixture);
  },

  async estimateOf(method, song) {
    const estimate = estimateOf(method, song);
    return transferArrays(estimate, ...estimate.vocals, ...estimate.accompaniment);
  },

  async scoreOf(song, estimate) {
    return scoreOf(song, estimate);
  },

  async bssScoreOf(song, estimate) {
    return bssScoreOf(song, estimate);
  },

  async lossMap(request) {
    const map = await lossMap(request);
    return transferArrays(map, map.loss);
  },
};

exposeEngine(engine);
