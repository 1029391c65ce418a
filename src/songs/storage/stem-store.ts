export type { SongStorage as StemStore } from './song-storage.ts';
