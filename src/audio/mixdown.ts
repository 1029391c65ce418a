import { type AudioData, sampleCount } from './audio-data.ts';

const HALF_POWER = Math.SQRT1_2;

/**
 * Gain of each channel in the left and the right output, by the number of channels, in WAVE order (L R C LFE, then
 * back, then side). 4 and 6: Web Audio 1.1, section 4.4 “Up-mixing and down-mixing”, `speakers`. 3, 5, 7 and 8: ITU-R
 * BS.775-3, annex 4, with the same 0.7071 for centre and surrounds; LFE is left out.
 */
const MATRIX: Readonly<Record<number, readonly (readonly number[])[]>> = {
  // L R C
  3: stereo([1, 0, HALF_POWER], [0, 1, HALF_POWER]),
  // L R SL SR: halved, as Web Audio does for quad
  4: stereo([0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5]),
  // L R C SL SR
  5: stereo([1, 0, HALF_POWER, HALF_POWER, 0], [0, 1, HALF_POWER, 0, HALF_POWER]),
  // L R C LFE SL SR
  6: stereo([1, 0, HALF_POWER, 0, HALF_POWER, 0], [0, 1, HALF_POWER, 0, 0, HALF_POWER]),
  // L R C LFE BC SL SR: the back centre goes half to each surround, 0.7071 · 0.7071
  7: stereo([1, 0, HALF_POWER, 0, 0.5, HALF_POWER, 0], [0, 1, HALF_POWER, 0, 0.5, 0, HALF_POWER]),
  // L R C LFE BL BR SL SR
  8: stereo([1, 0, HALF_POWER, 0, HALF_POWER, 0, HALF_POWER, 0], [0, 1, HALF_POWER, 0, 0, HALF_POWER, 0, HALF_POWER]),
};

/**
 * Speakers by their bits in the channel mask of WAVE files (dwChannelMask): L R C LFE, back left and right, left and
 * right of centre, back centre, side left and right. Gains: ITU-R BS.775-3, annex 4.
 */
const SPEAKERS: readonly (readonly [left: number, right: number])[] = [
  [1, 0],
  [0, 1],
  [HALF_POWER, HALF_POWER],
  [0, 0],
  [HALF_POWER, 0],
  [0, HALF_POWER],
  [1, 0],
  [0, 1],
  [0.5, 0.5],
  [HALF_POWER, 0],
  [0, HALF_POWER],
];

/** Mask of the layout that Web Audio halves: front and back corners. */
const QUAD = 0b110011;

function stereo(left: readonly number[], right: readonly number[]): readonly (readonly number[])[] {
  return [left, right];
}

/**
 * Mixes sound down to at most two channels. Mono and stereo stay; 3 to 8 channels become stereo by the matrix above. Of
 * more than 8, which have no standard layout, the first two stay, as in Web Audio's `discrete` rule. Sums are not
 * scaled: they may exceed 1, as AudioData allows.
 *
 * @param mask the channels' speakers, in the order of their bits (see SPEAKERS); 0: unknown, so those of the matrix
 */
export function mixdown(audio: AudioData, mask = 0): AudioData {
  const { channels, sampleRate } = audio;
  if (channels.length <= 2) return audio;
  const gains = gainsOf(mask, channels.length);
  if (gains === undefined) return { sampleRate, channels: channels.slice(0, 2) };
  const length = sampleCount(audio);
  return {
    sampleRate,
    channels: gains.map((row) => {
      const out = new Float32Array(length);
      channels.forEach((channel, index) => {
        const gain = row[index];
        if (gain === 0) return;
        for (let i = 0; i < length; i++) out[i] += gain * channel[i];
      });
      return out;
    }),
  };
}

function gainsOf(mask: number, channels: number): readonly (readonly number[])[] | undefined {
  const speakers = SPEAKERS.filter((_, bit) => mask & (1 << bit));
  if (mask === QUAD || speakers.length !== channels) return MATRIX[channels];
  return [0, 1].map((side) => speakers.map((gains) => gains[side]));
}

/** The mean of the channels in a new array, or the channel itself if there is only one. */
export function toMono(audio: AudioData): Float32Array {
  const { channels } = audio;
  if (channels.length === 1) return channels[0];
  const out = new Float32Array(sampleCount(audio));
  if (channels.length === 2) {
    const [left, right] = channels;
    for (let i = 0; i < out.length; i++) out[i] = 0.5 * (left[i] + right[i]);
    return out;
  }
  for (const channel of channels) for (let i = 0; i < out.length; i++) out[i] += channel[i] / channels.length;
  return out;
}
