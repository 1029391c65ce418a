import type { AudioData } from '../../src/audio/audio-data.ts';
import { sampleCount } from '../../src/audio/audio-data.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { patchGrid } from '../../src/separation/patch-grid.ts';

/** What is separated: a file, or noise of this length. */
export type SongSource = { readonly file: string } | { readonly seconds: number };

/** Stereo noise in [−0.5, 0.5) at 44.1 kHz, the same every time, in shared memory where the browser allows it. */
export function madeUpSong(seconds: number): AudioData {
  const length = Math.round(seconds * 44100);
  const shared = typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
  let state = 1;
  const noise = (): Float32Array => {
    const channel = shared ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length);
    for (let n = 0; n < length; n++) {
      // xorshift32, Marsaglia 2003
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      channel[n] = state / 2 ** 32;
    }
    return channel;
  };
  return { sampleRate: 44100, channels: [noise(), noise()] };
}

/** The beginning of a song, without a copy. */
export function beginning(song: AudioData, seconds: number): AudioData {
  const samples = Math.min(sampleCount(song), Math.round(seconds * song.sampleRate));
  return { ...song, channels: song.channels.map((channel) => channel.subarray(0, samples)) };
}

/** How much is measured on a backend. */
export interface Pace {
  /** Seconds of the song; Infinity for all of it. */
  readonly seconds: number;
  readonly repeats: number;
  /** Side of the matrices that are multiplied. */
  readonly matmulSize: number;
}

/** Backends that compute on a graphics card, if there is one. */
export const GRAPHICS: readonly string[] = ['webgl', 'webgpu'];

/** Milliseconds a patch. Graphics that are slower run in software; a graphics card on a busy machine is faster. */
const SOFTWARE_GRAPHICS = 600;

export function isSlow(backend: string, msPerPatch: number): boolean {
  if (GRAPHICS.includes(backend)) return msPerPatch > SOFTWARE_GRAPHICS;
  return backend === 'cpu';
}

/**
 * A slow backend is measured once, on the beginning of the song: five patches (the first, then a batch of four) in
 * software graphics, one patch on the cpu backend, which is plain JavaScript.
 */
export function paceOf(backend: string, msPerPatch: number, manifest: ModelManifest, repeats: number): Pace {
  if (!isSlow(backend, msPerPatch)) return { seconds: Number.POSITIVE_INFINITY, repeats, matmulSize: 1024 };
  if (backend === 'cpu') return { seconds: secondsOf(1, manifest), repeats: 1, matmulSize: 512 };
  return { seconds: secondsOf(5, manifest), repeats: 1, matmulSize: 512 };
}

/** Patches that a song of this length needs. */
export function patchesOf(seconds: number, { stft, sampleRate, patch }: ModelManifest): number {
  return patchGrid(1 + Math.floor((seconds * sampleRate) / stft.hop), patch.frames).patches;
}

/** Seconds of song that fill this many patches. */
function secondsOf(patches: number, { stft, sampleRate, patch }: ModelManifest): number {
  const { advance } = patchGrid(patch.frames, patch.frames);
  const frames = patch.frames + (patches - 1) * advance;
  return ((frames - 2) * stft.hop) / sampleRate;
}
