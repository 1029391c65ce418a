import type { BlockMessage, BlockRequest, PlayerSource } from '../songs/storage/player-source.ts';
import { BlockTable } from './block-table.ts';
import { Mixer } from './mixer.ts';
import {
  type CreateStretcher,
  MIXER_NAME,
  type MixerFailure,
  type MixerOptions,
  type MixerReport,
  type MixerRequest,
  STRETCH_NAME,
} from './mixer-messages.ts';
import { isAsRecorded } from './rate-and-key.ts';

// TypeScript has no library for the audio worklet's scope. These names are used here.
declare const sampleRate: number;
declare const currentTime: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: MixerOptions }) => AudioWorkletProcessor,
): void;

const REPORT_SECONDS = 0.02;

/** Passes requests to a `Mixer` and reports its state; mixer.ts does all the mixing. */
class MixerProcessor extends AudioWorkletProcessor {
  readonly #mixer: Mixer;
  readonly #channels: number;
  #stretching = false;
  #token = 0;
  #reportAt = 0;
  #last = '';
  #alive = true;
  /** Sources of blocks, by number of the result, if it is not read from arrays. */
  readonly #blocks = new Map<number, MessagePort>();

  constructor(options: { processorOptions: MixerOptions }) {
    super();
    this.#channels = options.processorOptions.channels;
    this.#mixer = new Mixer(options.processorOptions.songRate, sampleRate);
    this.port.onmessage = (event: MessageEvent<MixerRequest>) => this.#take(event.data);
  }

  /** Web Audio's call for the next block. */
  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    this.#report();
    this.#mixer.render(outputs[0]);
    return this.#alive;
  }

  #take(request: MixerRequest): void {
    if ('token' in request) this.#token = request.token;
    switch (request.kind) {
      case 'source':
        this.#readFrom(request.result, request.source, request.samples);
        break;
      case 'done':
        this.#mixer.setDone(request.ranges, request.result);
        break;
      case 'hear':
        this.#mixer.hear(request.heard);
        this.#fetch();
        break;
      case 'drop':
        this.#endBlocks(request.result);
        this.#mixer.drop(request.result);
        break;
      case 'mix':
        this.#mixer.setMix(request.vocals, request.accompaniment);
        break;
      case 'loop':
        this.#mixer.setLoop(request.loop);
        break;
      case 'rateAndKey':
        if (!isAsRecorded(request.rateAndKey)) this.#useStretcher();
        this.#mixer.setRateAndKey(request.rateAndKey);
        break;
      case 'play':
        this.#mixer.play(request.countIn);
        break;
      case 'pause':
        this.#mixer.pause();
        break;
      case 'seek':
        this.#mixer.seek(request.sample);
        this.#fetch();
        break;
      case 'end':
        this.#alive = false;
        for (const result of this.#blocks.keys()) this.#endBlocks(result);
        break;
    }
  }

  #readFrom(result: number, source: PlayerSource, samples: number): void {
    this.#endBlocks(result);
    if (source.kind === 'arrays') {
      this.#mixer.setSource({ ...source.arrays, length: samples }, result);
      return;
    }
    const { port } = source;
    const blocks = new BlockTable(samples);
    port.onmessage = (event: MessageEvent<BlockMessage>) => blocks.take(event.data);
    this.#blocks.set(result, port);
    this.#mixer.setSource({ original: [], vocals: [], length: samples, blocks }, result);
    this.#fetch();
  }

  #endBlocks(result: number): void {
    this.#blocks.get(result)?.postMessage({ end: true } satisfies BlockRequest);
    this.#blocks.delete(result);
  }

  /** Requests the blocks that will be played soon. */
  #fetch(): void {
    if (this.#blocks.size === 0) return;
    for (const { result, blocks } of this.#mixer.wantedBlocks()) {
      this.#blocks.get(result)?.postMessage({ need: blocks } satisfies BlockRequest);
    }
  }

  /** Creates the stretcher once; until then, the song plays as recorded. */
  #useStretcher(): void {
    if (this.#stretching) return;
    this.#stretching = true;
    const create = (globalThis as unknown as Record<string, CreateStretcher>)[STRETCH_NAME];
    // Original and vocals.
    create(2 * this.#channels, sampleRate)
      .then((stretcher) => this.#mixer.setStretcher(stretcher))
      .catch((error: unknown) => {
        this.#stretching = false;
        this.port.postMessage({ failed: String(error) } satisfies MixerFailure);
      });
  }

  #report(): void {
    const state = this.#mixer.state();
    const { playing, standsIn, loading, ended, counting, speed } = state;
    const changed = `${playing} ${standsIn} ${loading} ${ended} ${counting} ${speed} ${this.#token}`;
    if (changed === this.#last && currentTime < this.#reportAt) return;
    this.#last = changed;
    this.#reportAt = currentTime + REPORT_SECONDS;
    this.#fetch();
    const report: MixerReport = { ...state, contextTime: currentTime, token: this.#token };
    this.port.postMessage(report);
  }
}

registerProcessor(MIXER_NAME, MixerProcessor);
