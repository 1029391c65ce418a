/** Name of the file that makes a folder a kept song: it is written last. */
export const SONG_FILE = 'song.json';

/** Name and cover that a kept song got later, in place of those in song.json. */
export const TITLE_FILE = 'title.json';

/** Of the mask 16 bits a cell, of the levels 8; frame by frame, little-endian. See spectrogram-cells.ts. */
export const MASK_PATH = 'mask.u16';
export const LEVELS_PATH = 'levels.u8';

/** The file that the song came from, as it was: for its tags, and for another model. */
export const SOURCE_PATH = 'source';

/** Samples of a song from memory: 32-bit floats, little-endian, one file a channel. */
export const originalPath = (channel: number): string => `original-${channel}.f32`;
export const vocalsPath = (channel: number): string => `vocals-${channel}.f32`;

/** Samples of a song that is too long for memory: the same, all channels in one file; see pcm-file.ts. */
export const LONG_ORIGINAL_PATH = 'original.f32';
export const LONG_VOCALS_PATH = 'vocals.f32';
