/** Parameters without a meaningful result. Most reach only who calls the library or the command line. */
export const parameterErrors = {
  'parameter.empty-song': { message: 'The song has no samples.', hint: 'Choose a file with sound in it.' },
  'parameter.song-channels': { message: 'The song has {count} channels.', hint: 'Mix it down to stereo first.' },
  'parameter.batch': { message: 'A batch cannot have {count} patches.', hint: 'Use 1 or more.' },
  'parameter.overlap': {
    message: 'Patches cannot overlap by {overlap}.',
    hint: 'Pass a fraction of at least 0 and less than 1.',
  },
  'parameter.resample-rate': {
    message: '{rate} Hz is not a sample rate.',
    hint: 'Use a whole number from 1 to 768000 Hz.',
  },
  'parameter.wav-size': {
    message: 'A WAV file cannot be larger than 4 GiB.',
    hint: 'Save with fewer bits, or in shorter pieces.',
  },

  'parameter.quality': {
    message: 'The model “{id}” has no quality “{quality}”.',
    hint: 'Omit the quality, or choose a model that has several.',
  },
  'parameter.magnitudes': {
    message: '{count} patches have {wanted} magnitudes, not {given}.',
    hint: 'Pass whole patches of {size}.',
  },
  'patch.mono': '{frames} frames × {bins} bins',
  'patch.channels': '{channels} channels × {frames} frames × {bins} bins',
  'parameter.divisor': {
    message: 'This model needs the divisor of the song’s magnitudes.',
    hint: 'Pass the option divisor.',
  },
  'parameter.model-address': {
    message: '{url} is not the folder of a model.',
    hint: 'Pass the address of a folder with a manifest.json.',
  },
  'parameter.classic-mono': {
    message: 'The model “{id}” has two channels; the classic method of its family is mono.',
    hint: 'Separate without --classic, or choose another model.',
  },
  'parameter.classic-frames': {
    message: 'Spleeter runs on patches, never on a whole song.',
    hint: 'Omit the frames.',
  },
  'parameter.classic-networks': {
    message: 'Spleeter’s method needs a network for each stem; the model “{id}” has one.',
    hint: 'Choose a model that has all of them.',
  },

  'training.too-short': {
    message: 'The voice or the accompaniment is too short.',
    hint: 'Choose files of at least {seconds} s.',
  },
  'training.silent': { message: 'The voice is silent.', hint: 'Choose another file.' },

  'metrics.rate': { message: '{rate} Hz is not a sample rate.', hint: 'Pass the rate in hertz, such as 44100.' },
  'metrics.shapes': {
    message: 'Sounds of {reference} and {estimate} samples (channels × length) cannot be compared.',
    hint: 'Pass a reference and an estimate with equal channels and lengths.',
  },
  'metrics.exponent': {
    message: 'The ideal ratio mask cannot have the exponent {alpha}.',
    hint: 'Pass a number above 0, such as 2 or 1.',
  },
  'metrics.lengths': {
    message: 'Magnitudes and mask differ in length: {lengths}.',
    hint: 'Pass arrays of equal length.',
  },
  'metrics.bss-frames': {
    message: 'BSS Eval cannot use frames of {window} samples, {hop} apart, and filters of {filterLength}.',
    hint: 'Pass positive numbers; 1 s, 1 s and 512 are usual.',
  },
  'metrics.sources': {
    message: '{references} references and {estimates} estimates cannot be compared.',
    hint: 'Pass one estimate for each source.',
  },
} as const;
