/** Long songs on disk, kept songs, files that are saved. */
export const storageErrors = {
  'long-song.no-room': {
    message: '“{name}” needs {needed} GB on the disk; the browser has {free} GB left for this page.',
    hint: 'Make room on the disk, remove kept songs, or open a part of the recording. Nothing is lost.',
  },
  'long-song.no-disk': {
    message: '“{name}” is too long for the memory, and this browser gives the page no room on the disk.',
    hint: 'Open it in a window that is not private, in a current browser, or open a part of it.',
  },
  'long-song.too-long': {
    message: '“{name}” is longer than can be opened here, 13 hours.',
    hint: 'Cut it into parts with an audio editor, and open them one by one.',
  },
  'long-song.disk': {
    message: 'The disk refused what was to be kept of “{name}”.',
    hint: 'What is separated so far can still be played and saved. Open the file again to go on.',
  },

  'archive.song-gone': {
    message: 'This kept song can no longer be read.',
    hint: 'Remove it from the list, and open its file again to separate it anew.',
  },
  'mask.not-png': {
    message: 'This picture cannot be read as a PNG.',
    hint: 'Choose a PNG, such as one that was saved here.',
  },

  'export.disk-full': {
    message: 'There is no room left for the file.',
    hint: 'Make room, or choose another folder or a smaller format, and save again.',
  },
  'export.denied': {
    message: 'The file must not be written there.',
    hint: 'Save again and choose another folder; close the program that has the file open.',
  },
  'export.interrupted': {
    message: 'The file could not be written to its end.',
    hint: 'Save again, to another place if it happens again. ({detail})',
  },
  'export.zip-too-large': {
    message: 'Both stems together are larger than the 4 GB that a ZIP file can be.',
    hint: 'Save them one by one, or in a smaller format.',
  },
  'export.songs-too-large': {
    message: 'The stems of the chosen songs are larger than the 4 GB that a ZIP file can be.',
    hint: 'Choose fewer songs or a smaller format, and save the others afterwards.',
  },
  'export.songs-gone': {
    message: 'None of the songs can be read any more.',
    hint: 'Remove them from the list, and open their files again.',
  },
  'export.encoder': {
    message: 'This format could not be written here.',
    hint: 'Choose another format and save again. ({detail})',
  },
} as const;
