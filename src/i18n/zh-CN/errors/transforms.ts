import type { transformErrors as english } from '../../en/errors/transforms.ts';
import type { Translated } from '../../translated.ts';

/** dsp/ 中变换、掩码与滤波器的参数。 */
export const transformErrors: Translated<typeof english> = {
  'stft.fft-size': { message: 'FFT 长度 {fftSize} 不是 2 的幂。', hint: '请使用 512、1024、2048、4096 等。' },
  'stft.window': {
    message: '{windowLength} 个采样的窗与长度 {fftSize} 的 FFT 不符。',
    hint: '请给出 2 到 FFT 长度之间的整数。',
  },
  'stft.hop': { message: '步长 {hop} 不是采样数。', hint: '请给出不小于 1 的整数。' },
  'stft.padding': { message: '没有名为“{padding}”的填充方式。', hint: '请使用 zero 或 reflect。' },
  'stft.spectrum': {
    message: '{frames} 帧 × {bins} 个频点的频谱与长度 {fftSize} 的 FFT 不符。',
    hint: '每帧应有 {wanted} 个频点，实部与虚部大小相同。',
  },
  'stft.length': { message: '声音的长度不能是 {length} 个采样。', hint: '请给出整数个采样。' },

  'window.length': { message: '窗的长度不能是 {length} 个采样。', hint: '请给出不小于 1 的整数。' },
  'window.kind': {
    message: '没有名为“{kind}”的窗。',
    hint: '请使用 hann、hamming、blackman、sine 或 rectangular。',
  },

  'overlap-add.gaps': {
    message: '{length} 个采样的窗以步长 {hop} 移动时，有些采样（几乎）没有帧覆盖，无法由频谱还原声音。',
    hint: '请使用更小的步长：窗长的一半，至多四分之三。',
  },
  'overlap-add.hop': { message: '帧的间隔不能是 {hop} 个采样。', hint: '请给出不小于 1 的整数。' },
  'overlap-add.flushed': { message: '最后的采样已经给出。', hint: '请为另一段声音新建重叠相加器。' },
  'overlap-add.short': {
    message: '{frames} 帧到不了 {samples} 个采样的声音的末尾。',
    hint: '请先补上缺少的帧。',
  },

  'filter.hop': { message: '步长 {hop} 不适合长度 {fftSize} 的 FFT。', hint: '请使用不超过 FFT 长度一半的步长。' },
  'filter.channel-count': { message: '不能同时滤波 {channels} 个声道。', hint: '请使用一个或两个声道。' },
  'filter.order': { message: '应给出第 {due} 帧，却收到第 {frame} 帧。', hint: '请按顺序给出每一帧，且只给一次。' },
  'filter.channels': { message: '{given} 个声道的声音与此滤波器不符。', hint: '请给出 {wanted} 个声道。' },
  'filter.lengths': { message: '两个声道的长度不同。', hint: '请给出长度相同的声道。' },
  'filter.missing-frames': {
    message: '{samples} 个采样的声音末尾缺少 {missing} 帧。',
    hint: '请先处理全部 frameCount(totalSamples) 帧。',
  },
  'filter.mask': { message: '{given} 个频点的掩码与此滤波器不符。', hint: '请给出 {wanted} 个频点。' },
  'filter.high-band': {
    message: '高频段的网络与 {low} 个低频带和 {high} 个高频带不符。',
    hint: '请给出递增的边界，每个隐藏值 {inputs} 个权重，每个高频带一行权重。',
  },
  'filter.band': { message: '{lowHz} 到 {highHz} Hz 不构成频带。', hint: '请给出较低和较高的频率。' },

  'mask.threshold': { message: '掩码不能使用阈值 {threshold}。', hint: '请给出 0 到 1 的数；常用 0.5。' },
  'mask.exponent': { message: '掩码不能以 {exponent} 锐化。', hint: '请给出大于 0 的指数；常用 2。' },
  'mask.kind': { message: '没有名为“{kind}”的掩码。', hint: '请使用 soft、hard 或 sharp。' },
  'mask.first-bin': {
    message: '掩码不能从 {firstBinHz} Hz 开始而其下为 {belowBand}。',
    hint: '请给出不小于 0 的数。',
  },
  'mask.high-band': {
    message: '高频段不能从 {fromHz} Hz 起按 {gain} × 掩码取值。',
    hint: '请给出不小于 0 的增益和不超过频带上限 {topHz} Hz 的频率。',
  },
  'mask.read': {
    message: '无法在 {seconds} 秒处由 {bins} 个频点的 {frames} 帧读出 {wanted} 个频点的掩码。',
    hint: '请给出至少一个完整的帧、以秒为单位的时间和存放结果的空间。',
  },
  'mask.grid': { message: '无法以 {name} = {value} 插值掩码。', hint: '请给出大于 0 的数。' },
};
