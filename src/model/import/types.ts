import type { ModelManifest, Stem } from '../manifest.ts';

/** One tensor of a checkpoint, in the layout of the system that wrote it, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How the weights of a converted model are stored. `uint8`: kernels in 256 steps for each output channel. */
export type StoredType = 'float32' | 'float16' | 'uint8';

/** A whole file that a person or the command line gave, by its base name (no folders). */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A folder of models/ in memory: the manifest, and every file of it by its path in the folder, manifest.json included. */
export interface BuiltModel {
  readonly manifest: ModelManifest;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface BuildOptions {
  /** The model's folder and name in lists: lower-case letters, digits and hyphens. */
  readonly id?: string;
  /** Default: float16. */
  readonly dtype?: StoredType;
  /** What the network finds, of a checkpoint with one. Default: what the preset or the file says. */
  readonly stem?: Stem;
  /** Fields of the manifest that add to or replace the preset's or the file's own. */
  readonly config?: Readonly<Record<string, unknown>>;
}
