/** Every text of the learning room, in English; see en.ts and learn.ts. */
export const learnEn = {
  'learn.title': 'How it works',
  'learn.lead':
    'A song is a picture, and a network that cuts things out of pictures can cut out the voice. See each step on your own song, computed here and now.',
  'learn.sections': 'Sections',
  'learn.next': 'Next: {title}',
  'learn.previous': 'Back: {title}',
  'learn.song': 'Song: {name}',
  'learn.songBar': 'The song that is shown',
  'learn.choose': 'Choose another song',
  'learn.opening': 'Opening the demo song …',
  'learn.noSong': 'There is no song open.',
  'learn.tryDemo': 'Open the demo song',
  'learn.loading': 'Loading this section …',
  'learn.sources': 'Sources',
  'learn.pieceShown': 'Shown and heard: {from} to {to} of the song',
  'learn.pieceHere': 'Take the piece at the playhead',

  'sound.short': 'Sound is an image',
  'sound.title': 'Sound is an image',
  'sound.p1':
    'A sound is a curve: the pressure of the air, tens of thousands of times a second. Cut it into short overlapping frames, ask of each frame how much of every frequency is in it, and put the answers side by side: the short-time Fourier transform makes a picture of the sound, the spectrogram.',
  'sound.picture':
    'Spectrogram of the piece: time from left to right, frequency from bottom to top, level as brightness.',
} as const;
