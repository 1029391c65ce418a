/** English texts of the section “Sound is an image”. */
export const soundEn = {
  'sound.short': 'Sound is an image',
  'sound.title': 'Sound is an image',
  'sound.p1':
    'A sound is a curve: the pressure of the air, measured tens of thousands of times a second. Cut the curve into short overlapping frames. Fade each frame in and out with a window, then measure how much of every frequency it contains. Placed side by side, the results form an image, the spectrogram. Time runs to the right and frequency upwards. Brightness is level.',
  'sound.p2':
    'A long window separates frequencies that lie close together. A short window separates moments that lie close together. No window does both. The distance from frame to frame is the hop. The paper uses windows of 1024 samples at 8192 Hz (an eighth of a second) with a hop of 768. Spleeter uses 4096 samples at 44.1 kHz (slightly shorter) with a hop of 1024.',
  'sound.window': 'Window',
  'sound.windowText': '{samples} samples = {ms} ms, bins {hz} Hz apart',
  'sound.hop': 'Hop',
  'sound.hopText': '{part} window = {samples} samples, {ms} ms',
  'sound.wave': 'The waveform. The part that the current frame covers is marked.',
  'sound.spectrogram': 'Spectrogram',
  'sound.spectrogramAlt':
    'Spectrogram: time from left to right, frequency from bottom to top, level as brightness. The arrow keys move from cell to cell. Enter shows how the frame is computed. Plus and minus zoom.',
  'sound.reading': 'Frame {frame} of {frames}, {time}, {frequency}: {level} dB',
  'sound.stepTitle': 'One frame, step by step',
  'sound.step': 'Show the steps',
  'sound.cut': 'Cut the frame out of the waveform',
  'sound.windowed': 'Fade it in and out with the window',
  'sound.spectrum': 'Its spectrum: one column of the spectrogram',
  'sound.phaseTitle': 'Why separation keeps the magnitude and borrows the phase',
  'sound.phase1':
    'Each cell of the transform holds two numbers: the magnitude (how strong) and the phase (where in its cycle). The spectrogram shows only the magnitude. Phase looks like noise, and the network neither reads it nor produces it. But a magnitude needs a phase to become sound again.',
  'sound.phase2':
    'Here the magnitude of the vocals is combined with four different phases. The phase of the mixture costs little: where the singer is loud, it is nearly the singer’s own phase. That is why separation borrows it. With zero phase, the sound is hollow. The Griffin-Lim algorithm finds a phase from the magnitude alone. Its spectrogram becomes right, but its waveform does not. The ear forgives this; the SDR does not.',
  'sound.hearMixture': 'The song',
  'sound.hearOwn': 'Own phase',
  'sound.hearBorrowed': 'Mixture’s phase',
  'sound.hearZero': 'Zero phase',
  'sound.hearGriffinLim': 'Griffin-Lim',
  'sound.rounds': 'Griffin-Lim iterations',
  'sound.phaseColumn': 'Magnitude of the vocals with',
  'sound.sdr': 'SDR, dB',
  'sound.spectralError': 'Spectrogram error, dB',
  'sound.computing': 'Computing …',
  'sound.againstTruth':
    'The magnitude is taken from the true vocals of the demo song. The SDR is measured against them.',
  'sound.againstSeparated':
    'The true vocals of this song are not known. The magnitude is taken from the separated vocals, and the SDR is measured against them. They were made with the phase of the mixture, so that phase fits them better than it would fit the true vocals. Open the demo song to hear the true ones.',
} as const;

/** Key of a text in {@link soundEn}. */
export type SoundKey = keyof typeof soundEn;
