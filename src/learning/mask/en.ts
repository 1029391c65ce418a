/** English texts of the section “Mask × mixture”. */
export const maskEn = {
  'mask.short': 'Mask × mixture',
  'mask.title': 'Mask × mixture',
  'mask.p1':
    'The network does not draw the voice itself. It draws a mask of the same size as the spectrogram of the mixture. For each moment and frequency, the mask holds a number from 0 to 1: the share of the voice. Cell by cell, mask × mixture is the voice, and (1 − mask) × mixture is the rest.',
  'mask.p2':
    'The result can therefore contain nothing that was not in the mixture. Point at a cell to see its three numbers. A hard mask gives each cell to one side only. Pauses become cleaner, but the sound becomes harsher.',
  'mask.mixtureAlt':
    'Spectrogram of the mixture, as the network receives it: time from left to right, frequency from bottom to top, level as brightness. The arrow keys move from cell to cell, plus and minus zoom.',
  'mask.maskVocals': 'mask of the vocals',
  'mask.maskVocalsAlt':
    'The mask of the vocals: bright where the network assigns the mixture to the voice, dark elsewhere.',
  'mask.maskAccompaniment': 'mask of the accompaniment',
  'mask.maskAccompanimentAlt':
    'The mask of the accompaniment, 1 minus the mask of the vocals: dark where the network assigns the mixture to the voice.',
  'mask.vocalsAlt': 'The product: the spectrogram of the vocals.',
  'mask.accompanimentAlt': 'The product: the spectrogram of the accompaniment.',
  'mask.kind': 'Kind of mask',
  'mask.soft': 'Soft',
  'mask.hard': 'Hard',
  'mask.threshold': 'Threshold',
  'mask.strength': 'Strength',
  'mask.strengthText': 'mask to the power of {exponent}',
  'mask.point': 'Point at a spectrogram, or move through it with the arrow keys, to read the numbers of a cell.',
  'mask.reading': '{time}, {frequency}: mixture {mixture} ({mixtureDb} dB) × mask {mask} = {product} ({productDb} dB)',
  'mask.hear.mask': 'Mask on noise',
  'mask.hear.product': 'Product',
} as const;

/** Key of a text in {@link maskEn}. */
export type MaskKey = keyof typeof maskEn;
