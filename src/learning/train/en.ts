/** English texts of the section “Train one”. */
export const trainEn = {
  'train.short': 'Train one',
  'train.title': 'Train one',
  'train.p1':
    'Nobody paints masks by hand for training. Take a voice and an accompaniment that do not belong together, and mix them at random positions and levels. The mix is the question, the voice is the answer. You can make as many pairs as you like.',
  'train.p2':
    'A cell has no right or wrong class. The loss is the absolute difference between mask × mixture and the true voice, averaged over all cells. Step by step, Adam moves the weights a little against its gradient.',
  'train.p3':
    'This network is a narrow relative of the paper’s network (filters 4, 8, 16, 32; 256 bins, up to 2 kHz, by 32 frames), so that it learns something in minutes. It learns one voice from one song. Do not expect wonders on another song.',
  'train.loading': 'Getting ready …',
  'train.cannot': 'No backend of this browser can train.',
  'train.backend': 'Computed on {backend}.',
  'train.noGradient':
    'TensorFlow.js has no gradient of a convolution’s kernel for {backend}; here it is put together from matrix products.',
  'train.refused': '{backend} is not used: {reason}.',
  'train.refused.software': 'it draws in software',
  'train.refused.notANumber': 'its loss is not a number',
  'train.start': 'Start',
  'train.pause': 'Pause',
  'train.continue': 'Continue',
  'train.reset': 'Start over',
  'train.rate': 'Learning rate',
  'train.batch': 'Batch size',
  'train.batch.1': '1',
  'train.batch.2': '2',
  'train.batch.4': '4',
  'train.batch.8': '8',
  'train.batch.16': '16',
  'train.now': 'Step {step}: loss {loss}; of the held-out example: {held}; {milliseconds} ms per step.',
  'train.line.step': 'Each step',
  'train.line.mean': 'Mean of ten steps',
  'train.line.heldOut': 'Held-out example',
  'train.lossAxis': 'Loss',
  'train.stepAxis': 'Step',
  'train.curveAlt':
    'Loss after {steps} steps: a thin line for each step, a thick line for the mean of ten, dots for the held-out example.',
  'train.example': 'The held-out example',
  'train.exampleText':
    'The network is never trained on this example. Listen to it while the training runs: mask × mixture comes closer to the true voice. Above 2 kHz, the mask is the mean of its values from 1 kHz on.',
  'train.spectrogram.mixture': 'Mixture',
  'train.spectrogram.voice': 'True voice',
  'train.spectrogram.truth': 'Voice ÷ mixture: the target',
  'train.spectrogram.mask': 'The network’s mask',
  'train.spectrogram.product': 'Mask × mixture',
  'train.spectrogramAlt': '{what}: time from left to right, frequency from bottom to top.',
  'train.use': 'Use it on songs',
  'train.save': 'Save as ZIP',
  'train.load': 'Load a ZIP',
  'train.name': 'Trained in the browser, {steps} steps',
  'train.added': '“{title}” is now listed under Models. Choose it there and separate a song with it.',
  'train.loaded': 'Training continues from {name}.',
} as const;

/** Key of a text in {@link trainEn}. */
export type TrainKey = keyof typeof trainEn;
