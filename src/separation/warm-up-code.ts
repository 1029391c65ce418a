import type { ModelManifest, Quality } from '../model/manifest.ts';
import { separate } from './separate.ts';

const RATE = 44_100;

/**
 * Separates a second of silence without a network. After that the browser has compiled what each piece of a song runs
 * through.
 */
export async function warmUpCode(manifest: ModelManifest, quality?: Quality): Promise<void> {
  const song = { sampleRate: RATE, channels: [new Float32Array(RATE), new Float32Array(RATE)] };
  const predict = async (patches: Float32Array) => new Float32Array(patches.length);
  for await (const _ of separate(song, { manifest, predict }, { quality }));
}
