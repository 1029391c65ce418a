/** Texts of the learning room’s section “Train one”, in English. */
export const trainEn = {
  'train.short': 'Train one',
  'train.title': 'Train one',
  'train.p1':
    'Nobody paints masks by hand for training. Take a voice and an accompaniment that do not belong together, mix them at random places and levels: the mix is the question, the voice the answer, and there are as many pairs as you like.',
  'train.p2':
    'There is no right or wrong class for a cell. The loss is the absolute difference between mask × mixture and the true voice, in the mean over all cells; Adam moves the weights a little against its gradient, step by step.',
  'train.p3':
    'This is a narrow relative of the paper’s network (filters 4, 8, 16, 32; 256 bins, up to 2 kHz, × 32 frames), so that it learns something in minutes. It learns one voice from one song: expect no wonders on another.',
  'train.loading': 'Getting ready …',
  'train.cannot': 'No backend of this browser can train: {reason}.',
  'train.backend': 'Computed on {backend}.',
  'train.noGradient':
    'TensorFlow.js has no gradient of a convolution’s kernel for {backend}; it is put together here from matrix products.',
  'train.refused': '{backend} is not used: {reason}.',
  'train.start': 'Start',
  'train.pause': 'Pause',
  'train.goOn': 'Go on',
  'train.reset': 'Begin anew',
  'train.rate': 'Learning rate',
  'train.batch': 'Mixes a step',
  'train.batch.1': '1',
  'train.batch.2': '2',
  'train.batch.4': '4',
  'train.batch.8': '8',
  'train.batch.16': '16',
  'train.now': 'Step {step}: loss {loss}; of the example that is never trained on: {held}; {milliseconds} ms a step.',
  'train.curveAlt':
    'Loss after {steps} steps: each step as a thin line, the mean of ten as a thick one, dots for the example that is never trained on.',
  'train.example': 'An example that is never trained on',
  'train.picture.mixture': 'Mixture',
  'train.picture.voice': 'True voice',
  'train.picture.truth': 'Voice ÷ mixture: the target',
  'train.picture.mask': 'The network’s mask',
  'train.picture.made': 'Mask × mixture',
  'train.pictureAlt': '{what}: time from left to right, frequency from bottom to top.',
  'train.use': 'Use it on songs',
  'train.save': 'Save as ZIP',
  'train.load': 'Load a ZIP',
  'train.name': 'Trained in the browser, {steps} steps',
  'train.added': '“{title}” is under Models now: choose it there and separate a song with it.',
  'train.loaded': 'Goes on from {name}.',
  'train.sound.vocals': 'Voice: {name}',
  'train.sound.accompaniment': 'Accompaniment: {name}',
  'train.demo': 'the demo song’s',
  'train.choose': 'Choose a file',
} as const;

export type TrainKey = keyof typeof trainEn;
