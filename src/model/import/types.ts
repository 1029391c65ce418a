import type { ModelManifest, Stem } from '../manifest.ts';

/** One tensor of a checkpoint, with the axes of the system that wrote it, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How a converted model stores its weights; see storeWeights. */
export type StoredType = 'float32' | 'float16' | 'uint8';

/** A file from a person or the command line, with its base name (no folders). */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A model's folder in memory: the manifest, and all files by their paths in the folder, including manifest.json. */
export interface BuiltModel {
  readonly manifest: ModelManifest;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface BuildOptions {
  /** The model's folder name and id: lower-case letters, digits and hyphens. */
  readonly id?: string;
  /** Default: float16. */
  readonly dtype?: StoredType;
  /** The stem of a checkpoint with one network. Default: the preset's or the file's. */
  readonly stem?: Stem;
  /** Manifest fields that replace the preset's or the file's. */
  readonly config?: Readonly<Record<string, unknown>>;
}
