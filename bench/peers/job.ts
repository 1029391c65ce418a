import type { Quality, Stem } from '../../src/model/manifest.ts';

/** What a program computes again and again. Its last argument is the path of a JSON file of this. */
export interface Job {
  /** A folder of models/. */
  readonly model: string;
  readonly quality?: Quality;
  /** The networks that run on each patch, and their ONNX files. */
  readonly networks: readonly { readonly stem: Stem; readonly onnx: string }[];
  readonly patches: number;
  readonly channels: number;
  readonly bins: number;
  readonly frames: number;
  /** Little-endian float32: patches × bins × frames × channels, and patches × channels × bins × frames. */
  readonly inputs: { readonly channelsLast: string; readonly channelsFirst: string };
  /** Where the outputs go: patches × networks × an output in the program's own layout. */
  readonly output: string;
  readonly threads: number;
}

/** The first line that a program prints, as JSON, when its outputs are written. */
export interface Ready {
  readonly version: string;
}

/** What it prints for each line that it reads: how long it took over all patches. */
export interface Timed {
  readonly seconds: number;
  /** Processor time of all its threads, which other programs disturb less. */
  readonly cpuSeconds: number;
}
