/** Long songs on disk, kept songs, files that are saved. */
export const storageErrors = {
  'long-song.no-space': {
    message: '“{name}” needs {needed} GB of disk space; the browser has {free} GB left for this page.',
    hint: 'Free disk space, remove songs from the list, or open a part of the recording. Nothing is lost.',
  },
  'long-song.no-disk': {
    message: '“{name}” is too long to fit in memory, and this browser gives the page no disk space.',
    hint: 'Open it in a normal (not private) window of a current browser, or open a part of it.',
  },
  'long-song.too-long': {
    message: '“{name}” is longer than 13 hours, the longest song that can be opened.',
    hint: 'Cut it into parts with an audio editor and open them one by one.',
  },
  'long-song.disk': {
    message: 'Data of “{name}” could not be written to the disk.',
    hint: 'What is separated so far can still be played and saved. Open the file again to continue.',
  },

  'archive.song-gone': {
    message: 'This stored song can no longer be read.',
    hint: 'Remove it from the list, then open its file to separate it again.',
  },
  'mask.not-png': {
    message: 'This picture cannot be read as a PNG.',
    hint: 'Choose a PNG, such as a mask saved on this page.',
  },

  'export.float-for-level':
    'The stems exceed full scale by {level} dB. The format is WAV with 32-bit float, which keeps their level.',
  'export.quieter':
    'Both stems were saved {level} dB quieter because they exceeded full scale. WAV with 32-bit float keeps their level.',
  'export.disk-full': {
    message: 'There is no space left for the file.',
    hint: 'Free some space, or choose another folder or a smaller format. Then save again.',
  },
  'export.denied': {
    message: 'The file could not be written there: access was denied.',
    hint: 'Choose another folder, or close the program that has the file open. Then save again.',
  },
  'export.interrupted': {
    message: 'The file could not be written completely.',
    hint: 'Save again; if it happens again, choose another folder. ({detail})',
  },
  'export.zip-too-large': {
    message: 'Both stems together are larger than 4 GB, the limit of a ZIP file.',
    hint: 'Save them one by one, or in a smaller format.',
  },
  'export.songs-too-large': {
    message: 'The stems of the chosen songs are larger than 4 GB, the limit of a ZIP file.',
    hint: 'Choose fewer songs or a smaller format, then save the others.',
  },
  'export.songs-gone': {
    message: 'None of the songs can be read any longer.',
    hint: 'Remove them from the list, then open their files again.',
  },
  'export.video-unreadable': {
    message: 'The video could not be copied: its structure is unknown or damaged.',
    hint: 'Save the sound alone, or convert the video to MP4 or MKV and open it again.',
  },
  'export.encoder': {
    message: 'This browser could not write the format.',
    hint: 'Choose another format and save again. ({detail})',
  },
} as const;
