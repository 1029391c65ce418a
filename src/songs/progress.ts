/** What the progress panel shows. */
export type Progress =
  /** Seconds are known where the song is decoded piece by piece. */
  | {
      readonly kind: 'decoding';
      readonly name: string;
      readonly doneSeconds?: number;
      readonly totalSeconds?: number;
    }
  | { readonly kind: 'loading-model'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'probing'; readonly backend: string }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'separating';
      readonly doneSeconds: number;
      readonly totalSeconds: number;
      /** Seconds of the song per second; 0: not known yet. */
      readonly speed: number;
    }
  | { readonly kind: 'done'; readonly elapsedSeconds: number; readonly speed: number }
  | { readonly kind: 'cancelled'; readonly doneSeconds: number; readonly totalSeconds: number };
