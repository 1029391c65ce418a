/** Texts of the learning room’s section “Inside the U-Net”, in English. */
export const insideEn = {
  'inside.short': 'Inside the U-Net',
  'inside.title': 'Inside the U-Net',
  'inside.p1':
    'Going down, each layer looks at the picture through kernels of a few cells and gives out a smaller picture with more channels: less where, more what. Going up, transposed convolutions make it as large again as it was. That is what the answer needs: a mask as large as the input.',
  'inside.p2':
    'Going down, the exact place of things gets lost. Skip connections hand it across the U: each layer on the way up also sees what the layer of its size saw on the way down.',
  'inside.p3':
    'Everything below is computed now, by the network that separated your song, on the patch at the playhead.',
  'inside.spleeter':
    'Spleeter (Deezer, 2019) is the paper’s network grown up. It works at 44.1 kHz, and left and right are two layers of one picture. Its skip connections hand over the raw result of a convolution, before batch norm. On the way up batch norm follows the activation. At the top, one more convolution, whose kernel leaves gaps, makes a mask for each channel. There is one network for each stem: the mask of the vocals is their estimate’s share of both.',
  'inside.spleeterHere':
    'Everything below is computed now, by the network of the vocals alone, on the patch at the playhead; masks and input are those of the left channel.',
  'inside.tooLong': 'This song is so long that it lies on disk; open a shorter one to look at it here.',
  'inside.loading': 'Loading the network …',
  'inside.computing': 'Computing …',
  'inside.mapsTitle': 'What a layer sees',
  'inside.maps': 'Feature maps, the strongest first',
  'inside.mapsText':
    'Choose a layer in the drawing: each small picture is one of its channels, time to the right, frequency upwards; orange is above 0, blue below. The strongest come first, by their mean absolute activation. A click shows one large.',
  'inside.map': 'Channel {n}: mean |activation| {strength}, greatest {greatest}',
  'inside.more': 'Show more',
  'inside.skipsTitle': 'Skip connections',
  'inside.skipsText':
    'Switch one off and zeros take its place. The piece is separated anew: listen, and read how far the mask moved.',
  'inside.skip': '{n}: {bins} × {frames}',
  'inside.hear': 'What is heard',
  'inside.hear.whole': 'Vocals, all connections',
  'inside.hear.cut': 'Vocals, as switched',
  'inside.noEffect': 'All connections are on.',
  'inside.effect': '{cut} switched off: the mask changes by {change} in the mean.',
  'inside.effectSdr': 'Against the true voice: SDR {whole} dB with all, {cut} dB as switched.',
  'inside.fieldTitle': 'How far a cell looks',
  'inside.fieldText':
    'Choose a cell of the mask, by a click or by arrow keys and Enter. The gradient of its value tells which cells of the input it depends on: all with 1 % of the greatest influence or more are drawn over the input.',
  'inside.maskCaption': 'Mask (choose a cell)',
  'inside.maskAlt':
    'The mask of the patch: time to the right, frequency upwards, light where the voice is. Arrow keys move the cursor, Enter chooses the cell.',
  'inside.inputCaption': 'Input, and what the cell looks at',
  'inside.inputAlt':
    'The magnitudes that the network runs on, in grey; over them in orange what the chosen cell of the mask depends on.',
  'inside.look': 'Show it for the middle',
  'inside.choose': 'No cell is chosen yet.',
  'inside.field':
    'The cell at {time}, {hz} Hz: what counts lies within {frames} frames ({seconds} s) × {bins} bins; some influence, however small, comes from {anyFrames} frames × {anyBins} bins.',
} as const;

export type InsideKey = keyof typeof insideEn;
