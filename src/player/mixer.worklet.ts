import { Mixer } from './mix.ts';
import { MIXER_NAME, type MixerOptions, type MixerOrder, type MixerReport } from './mixer-messages.ts';

// TypeScript has no library for the audio worklet's scope: the few names that are used here.
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

/** Carries orders to a `Mixer` and reports back; what is heard is decided in mix.ts alone. */
class MixerProcessor extends AudioWorkletProcessor {
  readonly #mixer: Mixer;
  #vocals: readonly Float32Array[] = [];
  #token = 0;
  #reportAt = 0;
  #last = '';
  #alive = true;

  constructor(options: { processorOptions: MixerOptions }) {
    super();
    this.#mixer = new Mixer(options.processorOptions.songRate, sampleRate);
    this.port.onmessage = (event: MessageEvent<MixerOrder>) => this.#take(event.data);
  }

  /** Web Audio's call for the next block. */
  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    this.#report();
    this.#mixer.render(outputs[0]);
    return this.#alive;
  }

  #take(order: MixerOrder): void {
    if ('token' in order) this.#token = order.token;
    switch (order.kind) {
      case 'source':
        this.#vocals = order.source.vocals;
        this.#mixer.setSource(order.source);
        break;
      case 'samples':
        order.vocals.forEach((channel, c) => {
          this.#vocals[c]?.set(channel, order.start);
        });
        break;
      case 'done':
        this.#mixer.setDone(order.samples);
        break;
      case 'mix':
        this.#mixer.setMix(order.vocals, order.accompaniment);
        break;
      case 'play':
        this.#mixer.play();
        break;
      case 'pause':
        this.#mixer.pause();
        break;
      case 'seek':
        this.#mixer.seek(order.sample);
        break;
      case 'end':
        this.#alive = false;
        break;
    }
  }

  #report(): void {
    const state = this.#mixer.state();
    const changed = `${state.playing} ${state.holding} ${state.ended} ${this.#token}`;
    if (changed === this.#last && currentTime < this.#reportAt) return;
    this.#last = changed;
    this.#reportAt = currentTime + REPORT_SECONDS;
    const report: MixerReport = { ...state, contextTime: currentTime, token: this.#token };
    this.port.postMessage(report);
  }
}

registerProcessor(MIXER_NAME, MixerProcessor);
