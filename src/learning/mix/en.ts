/** English texts of the section “Mix your own”. */
export const mixEn = {
  'mix.short': 'Mix your own',
  'mix.title': 'Mix your own',
  'mix.p1':
    'How good is a separation? Nobody knows the true voice of a published song. So make a song whose voice is known: add a clean voice and an accompaniment. Networks like this one are trained the same way, on mixed pairs, because mixtures with known answers are rare.',
  'mix.p2':
    'The table compares the network with two ideal masks. These are computed from the truth: they are the best that a mask of their kind can do. The untouched mixture is the other end: nothing was separated.',
  'mix.level': 'Raise the voice by',
  'mix.start': 'Mix and separate',
  'mix.stop': 'Stop',
  'mix.mixing': 'Mixing …',
  'mix.separating': 'Separating …',
  'mix.measuring': 'Measuring SIR and SAR: {count} of {total} …',
  'mix.done': 'Measured on {length} of the mix (30 seconds at most).',
  'mix.stopped': 'Stopped.',
  'mix.scores': 'Scores of the methods',
  'mix.method': 'dB, more is better',
  'mix.sdrMeans':
    'Signal-to-distortion ratio: the energy of the true sound, compared with that of everything that differs from it. At 10 dB, the error has a tenth of the energy.',
  'mix.bssMeans':
    'The same as BSS Eval computes it: what a short filter can explain is no error. This and the next two are medians over seconds.',
  'mix.sirMeans': 'Signal-to-interference ratio: counts only what is left of the other part as error.',
  'mix.sarMeans':
    'Signal-to-artefacts ratio: counts only what belongs to neither part as error. The untouched mixture has next to none.',
  'mix.sdr': 'SDR',
  'mix.bss': 'BSS SDR',
  'mix.sir': 'SIR',
  'mix.sar': 'SAR',
  'mix.by.separated': 'The network',
  'mix.by.mixture': 'Mixture, untouched',
  'mix.by.idealRatio': 'Ideal ratio mask',
  'mix.by.idealBinary': 'Ideal binary mask',
  'mix.truth': 'Truth',
  'mix.overTime': 'SDR of each second: {part}, dB',
  'mix.overTimeAlt': 'SDR over time, one line for each method. SDR of the whole: {values}.',
  'mix.timeAxis': 'Time',
  'mix.lossTitle': 'Where the network is wrong: the loss',
  'mix.lossText':
    'Training minimised one number: the mean of |mask × mixture − truth| over all cells (L1, the absolute difference). This image shows the value of each cell. Bright cells are wrong.',
  'mix.lossCaption': '|mask × mixture − true voice|',
  'mix.lossAlt':
    'The loss: time from left to right, frequency from bottom to top. Brightness is the difference between the masked mixture and the true voice.',
  'mix.lossMeans':
    'Mean: {mean} with the network’s mask, {silence} with a mask of 0 everywhere, {mixture} with a mask of 1 everywhere.',
  'mix.lossReading': '{time}, {frequency}: {loss}',
  'mix.curveTitle': 'SDR against mixing level',
  'mix.curveText':
    'The louder the voice, the less there is to remove: the SDR of the untouched mixture grows by one decibel per decibel. The distance between the two lines is what the network contributes. Where the voice is far louder, the network may even do harm. Each point is mixed, separated and measured anew.',
  'mix.curveStart': 'Compute the curve',
  'mix.curveNow': 'Voice at {level} dB …',
  'mix.curveAxis': 'SDR of the vocals, dB',
  'mix.levelAxis': 'Voice raised by, dB',
  'mix.curvePoint': 'At {level} dB: {separated} dB with the network, {mixture} dB untouched.',
} as const;

/** Key of a text in {@link mixEn}. */
export type MixKey = keyof typeof mixEn;
