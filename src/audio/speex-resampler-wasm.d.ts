/** The part of @echogarden/speex-resampler-wasm that resample.ts uses (speex_resampler.h, compiled by Emscripten). */
interface SpeexResamplerModule {
  /** Made anew when the memory grows: read it after every call that may allocate. */
  readonly HEAPF32: Float32Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  /** → state; `error` points to an int, or is 0. The filter follows `numerator / denominator` = input rate / output rate. */
  _speex_resampler_init_frac(
    channels: number,
    numerator: number,
    denominator: number,
    inputRate: number,
    outputRate: number,
    quality: number,
    error: number,
  ): number;
  /** Drops the filter's delay from the beginning of the output. */
  _speex_resampler_skip_zeros(state: number): number;
  /** Samples of input that the filter looks ahead. */
  _speex_resampler_get_input_latency(state: number): number;
  /** `inputLength` and `outputLength` point to lengths: given before, used and written after. → 0 when all went well. */
  _speex_resampler_process_float(
    state: number,
    channel: number,
    input: number,
    inputLength: number,
    output: number,
    outputLength: number,
  ): number;
  _speex_resampler_destroy(state: number): void;
}

declare module '@echogarden/speex-resampler-wasm' {
  export default function load(): Promise<SpeexResamplerModule>;
}

declare module '@echogarden/speex-resampler-wasm/simd' {
  export default function load(): Promise<SpeexResamplerModule>;
}
