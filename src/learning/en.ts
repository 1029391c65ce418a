import { insideEn } from './inside/en.ts';
import { paintEn } from './paint/en.ts';
import { trainEn } from './train/en.ts';

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
  'learn.opening': 'Opening the song …',
  'learn.noSong': 'There is no song open.',
  'learn.tryDemo': 'Open the demo song',
  'learn.loading': 'Loading this section …',
  'learn.sources': 'Sources',
  'learn.pieceShown': 'Shown and heard: {from} to {to} of the song',
  'learn.pieceHere': 'Take the piece at the playhead',

  ...paintEn,
  ...insideEn,
  ...trainEn,

  'learn.back': 'Back to the song',
  'learn.onDisk':
    'This recording is too long to be in memory. The room shows songs of up to some minutes: open another, or the demo song.',
  'learn.waitsForVocals': 'The vocals of this piece are still being separated.',

  'sound.short': 'Sound is an image',
  'sound.title': 'Sound is an image',
  'sound.p1':
    'A sound is a curve: the pressure of the air, tens of thousands of times a second. Cut it into short frames that overlap, fade each in and out with a window, and ask how much of every frequency is in it. The answers side by side are a picture, the spectrogram: time runs to the right, frequency up, and brightness is level.',
  'sound.p2':
    'A long window tells frequencies apart that lie close together, a short one tells moments apart: never both. The paper takes 1024 samples at 8192 Hz, an eighth of a second, every 768 samples. Spleeter takes 4096 at 44.1 kHz, a little less, every 1024.',
  'sound.window': 'Window',
  'sound.windowText': '{samples} samples = {ms} ms, {hz} Hz apart',
  'sound.hop': 'Step from frame to frame',
  'sound.hopText': '{part} window = {samples} samples, {ms} ms',
  'sound.axis': 'Frequency axis',
  'sound.axis.linear': 'Linear',
  'sound.axis.log': 'Log',
  'sound.axis.mel': 'Mel',
  'sound.wave': 'The piece as a curve; the part that the frame takes is marked.',
  'sound.spectrogram': 'Spectrogram',
  'sound.picture':
    'Spectrogram of the piece: time from left to right, frequency from bottom to top, level as brightness. The arrow keys move from cell to cell, Enter shows the step of the frame, plus and minus zoom.',
  'sound.reading': 'Frame {frame} of {frames}, at {time}: {level} dB at {hz} Hz {note}',
  'sound.stepTitle': 'One frame, step by step',
  'sound.step': 'Show the step',
  'sound.cut': 'Cut the frame out of the curve',
  'sound.windowed': 'Fade it in and out with the window',
  'sound.spectrum': 'Its spectrum: one column of the picture',
  'sound.phaseTitle': 'Why the magnitude is kept and the phase borrowed',
  'sound.phase1':
    'Each cell of the transform holds two numbers: how strong (magnitude) and where in its swing (phase). The picture shows only the first; phase looks like noise, and the network neither sees it nor makes it. To become sound again, a magnitude needs a phase.',
  'sound.phase2':
    'Here is the singer’s magnitude with four phases. The mixture’s own costs little, for where the singer is loud the mixture’s phase is nearly the singer’s: so separation borrows it. With zero phase the sound is hollow. Griffin and Lim’s algorithm finds a phase from the magnitude alone: its picture becomes right, the curve does not, which the ear forgives and the SDR does not.',
  'sound.listen': 'What is heard',
  'sound.hearMixture': 'The song',
  'sound.hearOwn': 'Own phase',
  'sound.hearBorrowed': 'Mixture’s phase',
  'sound.hearZero': 'Zero phase',
  'sound.hearGriffinLim': 'Griffin-Lim',
  'sound.rounds': 'Rounds of Griffin-Lim',
  'sound.phaseColumn': 'Magnitude of the vocals with',
  'sound.sdr': 'SDR, dB',
  'sound.spectralError': 'Error of the picture, dB',
  'sound.againstTruth':
    'The magnitude is that of the true vocals of the demo song, and the SDR is measured against them.',
  'sound.againstSeparated':
    'The true vocals of this song are not known: the magnitude is that of the separated vocals, and the SDR is measured against them. They were made with the mixture’s phase, so it fits them better than it would the true ones. With the demo song you hear the true ones.',

  'learn.zoomIn': 'Zoom in',
  'learn.zoomOut': 'Zoom out',

  'mask.short': 'Mask × mixture',
  'mask.title': 'Mask × mixture',
  'mask.p1':
    'The network does not paint the voice itself. It paints a mask as large as the picture of the mixture: for each moment and frequency a number from 0 to 1, how much of it is voice. Cell by cell, mask × mixture is the voice; (1 − mask) × mixture is the rest.',
  'mask.p2':
    'So nothing can come out that was not in the mixture. Point at a cell to see its three numbers. A hard mask decides each cell for one side alone: cleaner in the pauses, harsher in the sound.',
  'mask.mixture': 'Mixture',
  'mask.mixtureAlt':
    'Spectrogram of the mixture as the network gets it: time from left to right, frequency from bottom to top, level as brightness. The arrow keys move from cell to cell, plus and minus zoom.',
  'mask.maskVocals': 'mask of the vocals',
  'mask.maskVocalsAlt': 'The mask of the vocals: bright where the network takes the mixture for voice, dark where not.',
  'mask.maskAccompaniment': 'mask of the accompaniment',
  'mask.maskAccompanimentAlt':
    'The mask of the accompaniment, 1 minus that of the vocals: dark where the network takes the mixture for voice.',
  'mask.vocals': 'Vocals',
  'mask.vocalsAlt': 'The product, the spectrogram of the vocals.',
  'mask.accompaniment': 'Accompaniment',
  'mask.accompanimentAlt': 'The product, the spectrogram of the accompaniment.',
  'mask.part': 'What is cut out',
  'mask.kind': 'Kind of mask',
  'mask.soft': 'Soft',
  'mask.hard': 'Hard',
  'mask.threshold': 'Threshold',
  'mask.strength': 'Strength',
  'mask.strengthText': 'mask to the power of {exponent}',
  'mask.point': 'Point at a picture, or move through it with the arrow keys, to read its numbers.',
  'mask.reading':
    '{time}, {hz} Hz {note}: mixture {mixture} ({mixtureDb} dB) × mask {mask} = {product} ({productDb} dB)',
  'mask.hear.mixture': 'Mixture',
  'mask.hear.mask': 'Mask on noise',
  'mask.hear.product': 'Product',

  'mix.short': 'Mix your own',
  'mix.title': 'Mix your own',
  'mix.p1':
    'How good is a separation? In a song from a record nobody knows the true voice. So mix one: a clean voice and an accompaniment, added. That is also how networks like this one are trained, on pairs made by mixing, for mixtures with known answers are scarce.',
  'mix.p2':
    'SDR (source to distortion) counts everything that is not the true sound, in decibels: at 10 dB the error has a tenth of the sound’s energy. BSS Eval’s SDR forgives a filter, its SIR counts what is left of the other side, its SAR what is neither (Vincent et al. 2006; medians over seconds). The ideal masks know the truth: the best that any mask of their kind can do.',
  'mix.vocals': 'Voice',
  'mix.accompaniment': 'Accompaniment',
  'mix.demo.vocals': 'the demo song’s true voice',
  'mix.demo.accompaniment': 'the demo song’s true band',
  'mix.choose': 'Choose a file',
  'mix.useDemo': 'Use the demo’s',
  'mix.level': 'Voice louder by',
  'mix.start': 'Mix and separate',
  'mix.stop': 'Stop',
  'mix.mixing': 'Mixing …',
  'mix.separating': 'Separating …',
  'mix.measuring': 'Measuring SIR and SAR: {count} of {total} …',
  'mix.done': 'Measured on {length} of the mix, at most the first 30 seconds.',
  'mix.stopped': 'Stopped.',
  'mix.scores': 'Scores of the methods',
  'mix.method': 'dB, more is better',
  'mix.sdr': 'SDR',
  'mix.bss': 'BSS SDR',
  'mix.sir': 'SIR',
  'mix.sar': 'SAR',
  'mix.by.separated': 'The network',
  'mix.by.mixture': 'Mixture, untouched',
  'mix.by.idealRatio': 'Ideal ratio mask',
  'mix.by.idealBinary': 'Ideal binary mask',
  'mix.truth': 'Truth',
  'mix.part': 'Which part',
  'mix.overTime': 'SDR of each second: {part}, dB',
  'mix.overTimeAlt': 'SDR over time, one line a method. Of the whole: {told}.',
  'mix.timeAxis': 'Time',
  'mix.lossTitle': 'Where it errs: the loss',
  'mix.lossText':
    'Training made one number small: the mean of |mask × mixture − truth| over all cells (L1, the absolute difference). Here are its cells. Bright is wrong.',
  'mix.lossCaption': '|mask × mixture − true voice|',
  'mix.lossAlt':
    'Picture of the loss: time from left to right, frequency from bottom to top, the difference between the masked mixture and the true voice as brightness.',
  'mix.lossMeans':
    'Mean: {mean} with the network’s mask, {silence} with a mask of 0 everywhere, {mixture} with a mask of 1.',
  'mix.lossReading': '{time}, {hz} Hz: {loss}',
  'mix.curveTitle': 'SDR against mixing level',
  'mix.curveText':
    'The louder the voice, the less there is to remove: the untouched mixture gains a decibel for each decibel. What the network adds is the distance between the lines, and where the voice is far louder it may even take away. Each point is mixed, separated and measured anew.',
  'mix.curveStart': 'Compute the curve',
  'mix.curveNow': 'Voice at {level} dB …',
  'mix.curveAxis': 'SDR of the voice, dB',
  'mix.levelAxis': 'Voice louder by, dB',
  'mix.curvePoint': 'At {level} dB: {separated} dB by the network, {mixture} dB untouched.',
} as const;

/** Key of a text of the learning room. */
export type LearningKey = keyof typeof learnEn;

/** Every text of the learning room by its key. */
export type LearningMessages = Readonly<Record<LearningKey, string>>;
