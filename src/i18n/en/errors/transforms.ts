/** Parameters of the transforms, masks and filters in dsp/. */
export const transformErrors = {
  'stft.fft-size': {
    message: 'The FFT size {fftSize} is not a power of two.',
    hint: 'Use 512, 1024, 2048, 4096 …',
  },
  'stft.window': {
    message: 'A window of {windowLength} samples does not fit an FFT of {fftSize}.',
    hint: 'Use a whole number from 2 to the FFT size.',
  },
  'stft.hop': { message: 'The hop {hop} is not a number of samples.', hint: 'Use a whole number of at least 1.' },
  'stft.padding': { message: 'There is no padding called “{padding}”.', hint: 'Use zero or reflect.' },
  'stft.spectrum': {
    message: 'A spectrum of {frames} frames × {bins} bins does not fit an FFT of {fftSize}.',
    hint: 'Pass {wanted} bins for each frame, and real and imaginary parts of equal size.',
  },
  'stft.length': { message: 'A sound cannot be {length} samples long.', hint: 'Use a whole number of samples.' },

  'window.length': {
    message: 'A window cannot be {length} samples long.',
    hint: 'Use a whole number of samples, at least 1.',
  },
  'window.kind': {
    message: 'There is no window called “{kind}”.',
    hint: 'Use hann, hamming, blackman, sine or rectangular.',
  },

  'overlap-add.gaps': {
    message:
      'A window of {length} samples moved by {hop} leaves samples that (almost) no frame covers, so the sound cannot be reconstructed from its spectrum.',
    hint: 'Use a smaller hop: half the window, or three quarters at most.',
  },
  'overlap-add.hop': {
    message: 'Frames cannot be {hop} samples apart.',
    hint: 'Use a whole number of samples, at least 1.',
  },
  'overlap-add.flushed': {
    message: 'The last samples were already returned.',
    hint: 'Create a new overlap-adder for another sound.',
  },
  'overlap-add.short': {
    message: '{frames} frames do not reach the end of a sound of {samples} samples.',
    hint: 'Add the missing frames before flushing.',
  },

  'filter.hop': {
    message: 'The hop {hop} does not suit an FFT of {fftSize}.',
    hint: 'Use half the FFT size or less.',
  },
  'filter.channel-count': {
    message: '{channels} channels cannot be filtered at once.',
    hint: 'Use one or two channels.',
  },
  'filter.order': {
    message: 'Frame {frame} was passed instead of frame {due}.',
    hint: 'Pass every frame once, in order.',
  },
  'filter.channels': {
    message: 'A sound of {given} channels does not fit this filter.',
    hint: 'Pass {wanted} channel(s).',
  },
  'filter.lengths': { message: 'The two channels differ in length.', hint: 'Pass channels of equal length.' },
  'filter.missing-frames': {
    message: '{missing} frames are missing at the end of a sound of {samples} samples.',
    hint: 'Process all frameCount(totalSamples) frames before flushing.',
  },
  'filter.mask': { message: 'A mask of {given} bins does not fit this filter.', hint: 'Pass {wanted} bins.' },
  'filter.high-band': {
    message: "The high band's network does not fit {low} low and {high} high bands.",
    hint: 'Pass rising edges, {inputs} weights for each hidden value, and a row of weights for each high band.',
  },
  'filter.band': {
    message: '{lowHz} to {highHz} Hz is not a valid band.',
    hint: 'Pass a lower and a higher frequency.',
  },

  'mask.threshold': {
    message: 'A mask cannot have the threshold {threshold}.',
    hint: 'Use a number from 0 to 1; 0.5 is usual.',
  },
  'mask.exponent': {
    message: 'A mask cannot be sharpened with the exponent {exponent}.',
    hint: 'Use an exponent above 0; 2 is usual.',
  },
  'mask.kind': { message: 'There is no mask called “{kind}”.', hint: 'Use soft, hard or sharp.' },
  'mask.first-bin': {
    message: 'A mask cannot begin at {firstBinHz} Hz with the value {belowBand} below.',
    hint: 'Use numbers of at least 0.',
  },
  'mask.high-band': {
    message: 'The high band cannot follow {gain} × the mask from {fromHz} Hz.',
    hint: 'Use a gain of at least 0 and a frequency up to the top of the band, {topHz} Hz.',
  },
  'mask.read': {
    message: 'No mask of {wanted} bins can be read at {seconds} s from {frames} frames of {bins} bins.',
    hint: 'Pass at least one whole frame, a time in seconds and an array large enough for the result.',
  },
  'mask.grid': {
    message: 'A mask cannot be interpolated with {name} = {value}.',
    hint: 'Use a number above 0.',
  },
} as const;
