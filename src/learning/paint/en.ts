/** English texts of the section “Paint the mask”. */
export const paintEn = {
  'paint.short': 'Paint the mask',
  'paint.title': 'Paint the mask',
  'paint.p1':
    'The network’s answer is another image, the mask. For every moment and every frequency, it holds a number from 0 (accompaniment) to 1 (vocals). The mask alone decides what you hear.',
  'paint.p2':
    'So paint on it. Where you paint with 100 %, the sound goes to the vocals. Where you erase, it goes to the accompaniment. The song is filtered again at that place, immediately. Vocals and accompaniment still add up to the song.',
  'paint.p3':
    'It is also a tool. A breath that the network missed, or a cymbal that it let through, can be fixed by hand. What you paint stays in the song and in the files that you save.',
  'paint.canvas':
    'The mask over the song: time from left to right, frequency from bottom to top. Bright is loud. Orange goes to the vocals, teal to the accompaniment. The arrow keys move a crosshair. Enter or Space puts the pen down and lifts it. Escape cancels the stroke.',
  'paint.role': 'painting canvas',
  'paint.hint':
    'Paint with the mouse or a finger. Keyboard: the arrow keys move the crosshair, Enter puts the pen down or lifts it, Escape cancels the stroke, Ctrl+Z undoes it.',
  'paint.waiting': 'The mask appears with the first separated part …',
  'paint.tool': 'Tool',
  'paint.tool.brush': 'Brush',
  'paint.tool.eraser': 'Eraser',
  'paint.tool.box': 'Box',
  'paint.tool.harmonics': 'Harmonic brush',
  'paint.size': 'Size',
  'paint.pixels': '{pixels} px',
  'paint.feather': 'Feather',
  'paint.value': 'Mask value',
  'paint.position': 'From',
  'paint.undo': 'Undo',
  'paint.redo': 'Redo',
  'paint.network': 'Network’s mask',
  'paint.all': 'All',
  'paint.none': 'None',
  'paint.show': 'Show',
  'paint.show.both': 'Sound and mask',
  'paint.show.mask': 'Mask alone',
  'paint.here': 'To the playhead',
  'paint.playHere': 'Playhead here',
  'paint.hear.original': 'Original',
  'paint.percent': '{value} %',
  'paint.place': '{time}, {frequency}',
  'paint.cell': '{time}, {frequency}: level {level} dB, mask {mask} (network: {network})',
  'paint.notPainted': 'Nothing is painted yet: this is the network’s mask.',
  'paint.heard': 'The last change could be heard after {milliseconds} ms.',
  'paint.penDown': 'Pen down',
  'paint.penUp': 'Pen up',
  'paint.saveVocals': 'Save the vocals',
  'paint.saveAccompaniment': 'Save the accompaniment',
  'paint.saveMask': 'Save the mask',
  'paint.loadMask': 'Load a mask',
  'paint.saving': 'Saving …',
  'paint.saved': 'Saved: {name}',
  'paint.loaded': 'The mask now comes from {name}.',
  'paint.notComplete': 'The song is still being separated. Save it when the separation is done.',
  'paint.filesNote':
    'Sound is saved as 24-bit WAV. The mask is saved as a 16-bit greyscale PNG, white where the vocals are: {bins} bins high and {frames} frames wide. Any PNG can be loaded; one of another size is stretched over the song.',
} as const;

/** Key of a text in {@link paintEn}. */
export type PaintKey = keyof typeof paintEn;
