/** Endings of the files that the decoder reads (docs/formats.md), in lower case, without the dot. */
export const AUDIO_ENDINGS: readonly string[] = [
  ...['wav', 'wave', 'rf64', 'w64', 'aif', 'aiff', 'aifc', 'caf', 'au', 'snd'],
  ...['flac', 'wv', 'tta', 'ape', 'tak', 'dsf', 'dff'],
  ...[
    'mp3',
    'mp2',
    'aac',
    'm4a',
    'm4b',
    'ogg',
    'oga',
    'opus',
    'spx',
    'weba',
    'mka',
    'wma',
    'ac3',
    'eac3',
    'mpc',
    'amr',
  ],
];

/** Those of videos, whose sound it reads. */
export const VIDEO_ENDINGS: readonly string[] = [
  ...['mp4', 'm4v', 'mov', 'webm', 'mkv', 'ogv', 'avi', 'flv', 'wmv', 'asf', 'ts', 'mts', 'm2ts', 'mpegts'],
];
