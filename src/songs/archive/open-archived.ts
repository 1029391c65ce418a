import { type AudioData, sameAudio } from '../../audio/audio-data.ts';
import { freeMemory } from '../../core/memory.ts';
import { MemorySongStorage } from '../storage/memory-song-storage.ts';
import { OpfsSongStorage } from '../storage/opfs-song-storage.ts';
import type { SongStorage } from '../storage/song-storage.ts';
import type { LoadedArchivedSong } from './archive-folders.ts';

/**
 * The storage of a kept song. It is the caller's to dispose of.
 *
 * @param inMemory the original of another separation of the song: it is shared if the samples are equal
 * @throws UnsungError where its files are gone
 */
export async function openArchived(
  { song, content, painting }: LoadedArchivedSong,
  inMemory?: AudioData,
): Promise<SongStorage> {
  const { id, name, sampleRate, scale, tracks, depth } = song;
  if (!content) return await OpfsSongStorage.kept({ folder: id, name, facts: song, scale, painting });
  const { vocals, mask, levels } = content;
  const own: AudioData = { sampleRate, channels: content.original, depth };
  const isShared = inMemory !== undefined && sameAudio(own, inMemory);
  if (isShared) freeMemory(own.channels);
  return MemorySongStorage.restored({
    original: isShared ? inMemory : own,
    vocals: { sampleRate, channels: vocals },
    scale,
    mask,
    levels,
    painting,
    tracks,
  });
}
