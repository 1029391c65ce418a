const CHOOSE = 'Choose a WAV, MP3, FLAC, Ogg, Opus, M4A, AAC, AIFF or WebM file, or a video with sound.';

/** Audio files that cannot be read, and playback. */
export const audioErrors = {
  'audio.empty-file': {
    message: '“{name}” is empty (0 bytes).',
    hint: 'Copy or download the file again, or choose another one.',
  },
  'audio.not-audio': { message: '“{name}” is not an audio file.', hint: CHOOSE },
  'audio.picture': { message: '“{name}” is a picture, not an audio file.', hint: CHOOSE },
  'audio.no-track': {
    message: '“{name}” has no audio track.',
    hint: 'Choose a video with sound, or an audio file.',
  },
  'audio.no-such-track': {
    message: '“{name}” has no audio track {track}: the number of its tracks is {tracks}.',
    hint: 'Choose another track.',
  },
  'audio.no-samples': {
    message: '“{name}” contains no sound: its length is zero.',
    hint: 'Export or download the file again, or choose another one.',
  },
  'audio.damaged': {
    message: '“{name}” is damaged or incomplete: no sound in it can be decoded.',
    hint: 'Download or copy the file again, or convert it to WAV or FLAC with an audio editor.',
  },
  'audio.unreadable': {
    message: '“{name}” can no longer be read: it was moved, changed or deleted after it was chosen.',
    hint: 'Choose it again.',
  },
  'audio.unknown-codec': {
    message: 'The sound of “{name}” uses a codec that is not supported.',
    hint: 'Convert it to WAV, FLAC or MP3 with an audio editor, then choose it again.',
  },
  'audio.unsupported-codec': {
    message: 'The sound of “{name}” uses the codec {codec}, which is not supported.',
    hint: 'Convert it to WAV, FLAC or MP3 with an audio editor, then choose it again.',
  },
  'audio.no-sound': { message: '“{name}” contains no sound.', hint: 'Choose another file.' },
  'audio.not-fetched': { message: '“{name}” could not be downloaded.', hint: 'Check its address and the connection.' },
  'audio.server-status': {
    message: '“{name}” could not be downloaded: the server answered {status}.',
    hint: 'Check its address.',
  },
  'audio.no-demo-stem': {
    message: 'The demo song’s true stems could not be loaded.',
    hint: 'Check the connection and open the section again.',
  },

  'decode.broke-off': '“{name}” is incomplete: it ends at {done} of {stated}.',
  'decode.broke-off-early': '“{name}” is incomplete: the part that could be decoded ends at {done}.',
  'decode.invalid-samples': 'Samples of “{name}” that are no numbers or infinite were set to 0: {count}.',

  'playback.no-output': {
    message: 'The browser has no sound output.',
    hint: 'Connect speakers or headphones, close other tabs that play sound, and open the song again.',
  },
  'playback.no-stretch': {
    message: 'Speed and key cannot be changed in this browser.',
    hint: 'The song plays as recorded. Reload the page or update the browser, then try again.',
  },
} as const;
