import type { AudioSource, OutputFormat } from 'mediabunny';

/** Encodes sound into a container. */
export interface Track {
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Called before the container is closed. */
  end(): Promise<void>;
  /** Called after that: writes bytes that depend on the whole file. */
  amend(length: number): Promise<void>;
  cancel(): Promise<void>;
}

/** A container with its audio track, still empty. */
export interface OpenTrack {
  readonly container: OutputFormat;
  readonly source: AudioSource;
  readonly track: Track;
}
