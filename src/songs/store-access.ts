import type { AudioData } from '../audio/audio-data.ts';
import type { AudioShape } from '../audio/encode/formats.ts';
import { shareAudio } from '../audio/shared-audio.ts';
import { nextTask } from '../core/next-task.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import type { OpenLongOptions } from './storage/open-long.ts';
import type { SongOnDisk } from './storage/song-on-disk.ts';
import { StemStore } from './storage/stem-store.ts';

// What differs between a song in memory and one on the disk, as far as the controller and its helpers are concerned.

/** What decodes songs. */
export interface SongDecoder {
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  /** Opens a song that is too long for memory; undefined: it is not. Without it all songs are decoded in memory. */
  readonly openLong?: (file: Blob, name: string, options: OpenLongOptions) => Promise<SongOnDisk | undefined>;
}

/** Decodes a song's file: to the disk where it is too long for memory. @throws UnsungError, the signal's reason */
export async function decodeToStore(
  file: Blob,
  name: string,
  { decode, openLong }: SongDecoder,
  options: OpenLongOptions,
): Promise<StemStore> {
  const disk = await openLong?.(file, name, options);
  if (disk) return StemStore.onDisk(disk);
  return new StemStore(await decodeToMemory(file, name, decode));
}

/** In a function of its own, so that the browser's buffer (200 MB for ten minutes) does not outlive the copy. */
async function decodeToMemory(file: Blob, name: string, decode: SongDecoder['decode']): Promise<AudioData> {
  return await shareAudio(await decode(await file.arrayBuffer(), name), nextTask);
}

/** A store of the same sound of which nothing is separated; it takes the place of the one before. */
export function restarted({ original, disk }: StemStore): StemStore {
  return new StemStore(original, disk);
}

/** A store of the same sound beside the one that is there; undefined of a song on disk, whose vocals would be overwritten. */
export function beside({ original, disk }: StemStore): StemStore | undefined {
  return disk ? undefined : new StemStore(original);
}

/** What the separation reads. */
export function separationSource({ original, disk }: StemStore): Parameters<SeparationClient['separate']>[0] {
  return disk?.forSeparation() ?? original;
}

/** Length, rate and channels. */
export function shapeOf({ original, totalSamples }: StemStore): AudioShape {
  return { sampleRate: original.sampleRate, channels: original.channels.length, samples: totalSamples };
}

/** Whether the file broke off before its end. */
export function brokeOff({ disk }: StemStore): boolean {
  return disk?.brokeOff ?? false;
}

/** Gives back what the store holds beside memory. */
export async function disposeStore({ disk }: StemStore): Promise<void> {
  await disk?.dispose();
}
