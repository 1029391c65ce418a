import type { SpectrogramOrder, SpectrogramResult } from './spectrogram.ts';

/** What the learning room's worker computes. Each answer's arrays are handed over, each order's copied. */
export interface Lab {
  spectrogram(order: SpectrogramOrder): Promise<SpectrogramResult>;
}
