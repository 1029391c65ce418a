/**
 * Catches the processor that the package signalsmith-stretch registers when it is evaluated. The package is made to be
 * an audio node of its own, which plays buffers that it holds; the mixer needs only the WebAssembly inside it, so that
 * mixing, looping and stretching share one position in one processor. Must be imported before the package.
 */

/** The package's own WebAssembly, as its processor keeps it. Samples lie in `HEAP8`, 4 bytes each. */
export interface StretchModule {
  readonly HEAP8: Int8Array;
  /** Allocates `length` samples of input, then of output, per channel; returns the address of the first. */
  _setBuffers(channels: number, length: number): number;
  _configure(channels: number, blockSamples: number, intervalSamples: number, splitComputation: boolean): void;
  _reset(): void;
  /** @param tonality Frequency up to which overtones keep their ratios, as a fraction of the sample rate. */
  _setTransposeSemitones(semitones: number, tonality: number): void;
  _inputLatency(): number;
  _outputLatency(): number;
  /** Takes `samples` of input as what came before. */
  _seek(samples: number, rate: number): void;
  _process(inputSamples: number, outputSamples: number): void;
}

interface StretchProcessor {
  readonly port: { postMessage: (message: readonly unknown[]) => void };
  readonly wasmModule: StretchModule;
}

type ProcessorClass = new (options: {
  readonly numberOfOutputs: number;
  readonly outputChannelCount: readonly number[];
}) => StretchProcessor;

interface WorkletScope {
  AudioWorkletProcessor: unknown;
  registerProcessor: unknown;
  sampleRate?: number;
}

const scope = globalThis as unknown as WorkletScope;
const { AudioWorkletProcessor, registerProcessor } = scope;
let caught: ProcessorClass | undefined;

/** Replaces the browser's class, which only the browser can construct. */
class Bare {
  readonly port = { postMessage: (_message: readonly unknown[]): void => undefined };
}

scope.AudioWorkletProcessor = Bare;
scope.registerProcessor = (_name: string, processor: ProcessorClass) => {
  caught = processor;
};

/** Restores the scope's own names. */
export function release(): void {
  Object.assign(scope, { AudioWorkletProcessor, registerProcessor });
}

/** A new instance of the WebAssembly, once it is compiled. */
export function instantiate(channels: number, sampleRate: number): Promise<StretchModule> {
  // Every audio worklet has this name; elsewhere (a page that saves a mix, Node) the package needs it.
  scope.sampleRate ??= sampleRate;
  return new Promise((resolve, reject) => {
    if (!caught) {
      reject(new Error('signalsmith-stretch has registered no processor.'));
      return;
    }
    const processor = new caught({ numberOfOutputs: 1, outputChannelCount: [channels] });
    processor.port.postMessage = ([what]) => {
      if (what === 'ready') resolve(processor.wasmModule);
    };
  });
}
