import { MemorySongStorage } from '../storage/memory-song-storage.ts';
import { OpfsSongStorage } from '../storage/opfs-song-storage.ts';
import type { SongStorage } from '../storage/song-storage.ts';
import type { LoadedArchivedSong } from './archive-folders.ts';

/** The storage of a kept song. It is the caller's to dispose of. @throws UnsungError where its files are gone */
export async function openArchived({ song, content, painting }: LoadedArchivedSong): Promise<SongStorage> {
  const { id, name, sampleRate, scale, tracks, depth } = song;
  if (!content) return await OpfsSongStorage.kept({ folder: id, name, facts: song, scale, painting });
  const { original, vocals, mask, levels } = content;
  return MemorySongStorage.restored({
    original: { sampleRate, channels: original, depth },
    vocals: { sampleRate, channels: vocals },
    scale,
    mask,
    levels,
    painting,
    tracks,
  });
}
