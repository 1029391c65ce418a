import type { PcmSource } from '../audio/pcm-source.ts';
import { freeMemory } from '../core/memory.ts';
import { applyMaskKind } from '../dsp/mask.ts';
import type { Predictor } from '../model/predictor.ts';
import { MixtureChannels } from './mixture-frames.ts';
import type { SegmentOptions, SegmentPlan } from './segment-separator.ts';
import { maskCount, StemRenderer } from './stem-renderer.ts';
import type { StemChunk } from './types.ts';

/** Frames that the network sees: a quarter of Spleeter's patch, and of its time. */
export const PREVIEW_FRAMES = 128;

/** Frames among them that come before the wanted place: the network needs some context. */
const LEAD_FRAMES = 32;

/** Frames at their end that are not used, for the same reason. */
const TAIL_FRAMES = 16;

interface PreviewOptions extends Pick<SegmentOptions, 'divisor' | 'selectors' | 'mask'> {
  readonly plan: SegmentPlan;
  /** The sample that a person waits for. */
  readonly place: number;
  readonly signal?: AbortSignal;
}

/** Stems to be heard until those of the whole patch come. */
export type Preview = Pick<StemChunk, 'start' | 'vocals' | 'accompaniment'>;

/**
 * Separates about two seconds from a place on by a patch shorter than the model's. The masks differ from those of the
 * whole patch, as the network sees less of the song; they are there in a quarter of the time.
 *
 * @returns once the network is at work, a function that waits for samples from the place on, or from shortly before. It
 * throws BackendError when the network cannot be run, and the signal's reason. Undefined where a whole patch is as quick
 */
export async function beginPreview(
  song: PcmSource,
  model: Predictor,
  { plan, place, divisor, selectors, mask, signal }: PreviewOptions,
): Promise<(() => Promise<Preview>) | undefined> {
  const { manifest } = model;
  const { patch } = manifest;
  const { scale } = plan;
  if (!model.isQuickerWhenShort || Math.min(patch.frames, scale.frames) < 2 * PREVIEW_FRAMES) return undefined;
  const placeFrame = Math.floor(place / song.sampleRate / scale.frameSeconds);
  const first = Math.max(0, Math.min(placeFrame - LEAD_FRAMES, scale.frames - PREVIEW_FRAMES));
  const size = patch.frames * patch.bins;
  const magnitudes = new Float32Array(selectors.length * size);
  const mixture = await MixtureChannels.open(song, manifest, selectors, first);
  try {
    await mixture.read(PREVIEW_FRAMES, magnitudes, 0, size);
  } finally {
    mixture.dispose();
  }
  const predicting = model.predict(magnitudes, 1, divisor, { frames: PREVIEW_FRAMES, signal });
  // It may fail before it is waited for.
  predicting.catch(() => undefined);
  return async () => {
    const predicted = await predicting;
    const last = first + PREVIEW_FRAMES === scale.frames;
    const used = (last ? PREVIEW_FRAMES : PREVIEW_FRAMES - TAIL_FRAMES) * patch.bins;
    const masks = Array.from({ length: maskCount(song, manifest) }, (_, channel) =>
      applyMaskKind(predicted.subarray(channel * size, channel * size + used), mask),
    );
    const renderer = new StemRenderer(song, manifest, scale, first);
    const start = renderer.position;
    const stems = await renderer.render(masks, first, last);
    freeMemory([magnitudes, predicted]);
    return { start, ...stems };
  };
}
