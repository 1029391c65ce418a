/** English texts of the section “Inside the U-Net”. */
export const insideEn = {
  'inside.short': 'Inside the U-Net',
  'inside.title': 'Inside the U-Net',
  'inside.p1':
    'On the way down, each layer slides kernels of a few cells over its input. Its output is a smaller image with more channels: it knows less about where, and more about what. On the way up, transposed convolutions bring the image back to its original size. The answer needs that size: a mask as large as the input.',
  'inside.p2':
    'On the way down, exact positions are lost. Skip connections carry them across the U: each layer on the way up also receives the output of the layer of the same size on the way down.',
  'inside.p3':
    'Everything below is computed now, by the network that separated your song, on the patch at the playhead.',
  'inside.spleeter':
    'Spleeter (Deezer, 2019) is a larger relative of the paper’s network. It works at 44.1 kHz and takes left and right as two channels of one image. Its skip connections carry the raw result of a convolution, before batch norm. On the way up, batch norm follows the activation. At the top, one more convolution, whose kernel has gaps (a dilated convolution), makes a mask for each channel. Each stem has a network of its own: the mask of the vocals is the share of their estimate in both estimates.',
  'inside.spleeterHere':
    'Everything below is computed now, by the network of the vocals alone, on the patch at the playhead. Mask and input are those of the left channel.',
  'inside.loading': 'Loading the network …',
  'inside.computing': 'Computing …',
  'inside.mapsTitle': 'The output of a layer',
  'inside.maps': 'Feature maps, the strongest first',
  'inside.mapsText':
    'Choose a layer in the diagram. Each small image is one of its channels, with time to the right and frequency upwards. Orange is above 0, blue below. The brightest colours stand for the strongest 5 % of the cells of each image. The channels are sorted by their mean absolute activation, the strongest first. Click a channel to enlarge it.',
  'inside.map': 'Channel {n}: mean |activation| {strength}, greatest {greatest}',
  'inside.more': 'Show more',
  'inside.skipsTitle': 'Skip connections',
  'inside.skipsText':
    'Switch a connection off to replace it with zeros. This part of the song is then separated again. Listen, and read how much the mask changed.',
  'inside.skipsWhy':
    'The SDR does not always fall. The network was trained to bring down the difference of the magnitudes, and the SDR compares waveforms. A connection that brings little detail may bring more error.',
  'inside.suggestion': 'Switch off connection {n} first.',
  'inside.skip': '{n}: {bins} × {frames}',
  'inside.hear.whole': 'Vocals, all connections',
  'inside.hear.cut': 'Vocals, as switched',
  'inside.noEffect': 'All connections are on.',
  'inside.effect': 'Without {list}, the mask changes by {change} on average.',
  'inside.effectSdr': 'Against the true voice: SDR {whole} dB with all connections, {cut} dB as switched.',
  'inside.effectBetter':
    'The SDR is higher as switched: for this excerpt and by this measure, these connections do harm.',
  'inside.fieldTitle': 'The receptive field of a cell',
  'inside.fieldText':
    'Choose a cell of the mask with a click, or with the arrow keys and Enter. A ring marks it in both images. The gradient of its value shows which cells of the input it depends on. Cells with at least 1 % of the greatest influence are drawn over the input.',
  'inside.maskCaption': 'Mask (choose a cell)',
  'inside.maskAlt':
    'The mask of the patch: time to the right, frequency upwards, bright where the voice is. The arrow keys move the cursor, Enter chooses the cell.',
  'inside.inputCaption': 'Input, and what the cell depends on',
  'inside.inputAlt':
    'The magnitudes that the network runs on, in grey. In orange, the cells that the chosen cell of the mask depends on.',
  'inside.middle': 'Show it for the middle',
  'inside.chosen': 'The chosen cell',
  'inside.choose': 'No cell is chosen yet.',
  'inside.field':
    'The cell at {time}, {frequency} depends mainly on {bins} bins × {frames} frames ({seconds} s). Some influence, however small, comes from {anyBins} bins × {anyFrames} frames.',
} as const;

/** Key of a text in {@link insideEn}. */
export type InsideKey = keyof typeof insideEn;
