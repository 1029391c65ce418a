/** English texts that several learning sections share, and those of the learning page itself. */
export const commonEn = {
  'learn.title': 'How it works',
  'learn.lead':
    'A song can be drawn as an image, and a network that cuts objects out of images can cut out the voice. See each step on your own song, computed here and now.',
  'learn.sections': 'Sections',
  'learn.next': 'Next: {title}',
  'learn.previous': 'Back: {title}',
  'learn.song': 'Song: {name}',
  'learn.songBar': 'The current song',
  'learn.choose': 'Choose another song',
  'learn.opening': 'Opening the song …',
  'learn.noSong': 'No song is open.',
  'learn.tryDemo': 'Open the demo song',
  'learn.loading': 'Loading this section …',
  'learn.back': 'Back to the song',
  'learn.onDisk':
    'This recording is too long to fit in memory. Only the section “Paint the mask” can show it. For this section, open a shorter song or the demo song.',
  'learn.sources': 'Sources:',
  'learn.excerpt': 'This part of the song: {from} to {to}',
  'learn.excerptHere': 'Use the part at the playhead',
  'learn.waitsForVocals': 'The vocals of this part are still being separated.',
  'learn.listen': 'Listen to',
  'learn.part': 'Part',
  'learn.vocals': 'Vocals',
  'learn.accompaniment': 'Accompaniment',
  'learn.mixture': 'Mixture',
  'learn.axis': 'Frequency axis',
  'learn.axis.linear': 'Linear',
  'learn.axis.log': 'Log',
  'learn.axis.mel': 'Mel',
  'learn.zoomIn': 'Zoom in',
  'learn.zoomOut': 'Zoom out',
  'learn.chooseFile': 'Choose a file',
  'learn.useDemo': 'Use the demo song’s',
  'learn.demo.vocals': 'the demo song’s true vocals',
  'learn.demo.accompaniment': 'the demo song’s true accompaniment',
} as const;

/** Key of a text in {@link commonEn}. */
export type CommonKey = keyof typeof commonEn;
