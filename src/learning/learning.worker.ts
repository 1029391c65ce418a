import * as Comlink from 'comlink';
import { exposeEngine } from '../core/expose-engine.ts';
import type { LearningEngine } from './learning-engine.ts';
import { maskedSound } from './mask/masked-sound.ts';
import { lossMap } from './mix/loss-map.ts';
import { fitPair, mixPair } from './mix/mix-pair.ts';
import { bssScoreOf, estimateOf, scoreOf } from './mix/scoring.ts';
import { mixtureFrames } from './mixture-spectrogram.ts';
import { rebuild } from './sound/reconstruct-phase.ts';
import { spectrogram } from './sound/spectrogram.ts';

/** Questions counted, by kind: one that is no longer the last of its kind ends. */
const turns = new Map<string, number>();

function newTurn(kind: string): () => boolean {
  const turn = (turns.get(kind) ?? 0) + 1;
  turns.set(kind, turn);
  return () => turns.get(kind) === turn;
}

/** Lets messages in. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function handOver<T extends object>(value: T, ...arrays: readonly ArrayBufferView[]): T {
  return Comlink.transfer(value, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
}

const lab: LearningEngine = {
  async spectrogram(order) {
    const result = spectrogram(order);
    return handOver(result, result.levels);
  },

  async rebuild(phase, order, onRound) {
    const isLast = newTurn(`rebuild ${phase}`);
    const rebuilt = await rebuild(phase, order, async (round) => {
      await pause();
      onRound?.(round);
      return isLast();
    });
    return rebuilt && handOver(rebuilt, rebuilt.samples);
  },

  async mixtureFrames(order) {
    const frames = await mixtureFrames(order);
    return handOver(frames, frames);
  },

  async maskedSound(order) {
    const sound = maskedSound(order);
    return handOver(sound, ...sound.product, ...sound.mask);
  },

  async fitPair(order) {
    const pair = await fitPair(order);
    return handOver(pair, ...pair.vocals, ...pair.accompaniment);
  },

  async mixPair(pair, voiceDecibels) {
    const song = mixPair(pair, voiceDecibels);
    return handOver(song, ...song.vocals, ...song.accompaniment, ...song.mixture);
  },

  async estimateOf(method, song) {
    const estimate = estimateOf(method, song);
    return handOver(estimate, ...estimate.vocals, ...estimate.accompaniment);
  },

  async scoreOf(song, estimate) {
    return scoreOf(song, estimate);
  },

  async bssScoreOf(song, estimate) {
    return bssScoreOf(song, estimate);
  },

  async lossMap(order) {
    const map = await lossMap(order);
    return handOver(map, map.loss);
  },
};

exposeEngine(lab);
