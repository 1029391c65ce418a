import type { parameterErrors as english } from '../../en/errors/parameters.ts';
import type { Translated } from '../../translated.ts';

/** 没有意义的参数。大多只会出现在使用库或命令行时。 */
export const parameterErrors: Translated<typeof english> = {
  'parameter.empty-song': { message: '歌曲没有采样。', hint: '请选择有声音的文件。' },
  'parameter.song-channels': { message: '歌曲有 {count} 个声道。', hint: '请先混缩为立体声。' },
  'parameter.batch': { message: '{count} 个片段不能构成批次。', hint: '请使用 1 或更大的数。' },
  'parameter.overlap': { message: '片段不能重叠 {overlap}。', hint: '请给出 0 到小于 1 的比例。' },
  'parameter.resample-rate': {
    message: '{rate} Hz 不是有效的采样率。',
    hint: '采样率应为 1 到 768000 Hz 的整数。',
  },
  'parameter.wav-size': { message: 'WAV 文件不能超过 4 GiB。', hint: '请减少位数，或分段保存。' },

  'parameter.quality': {
    message: '模型“{id}”没有质量“{quality}”。',
    hint: '请不要指定质量，或选择有多种质量的模型。',
  },
  'parameter.magnitudes': {
    message: '{count} 个片段有 {wanted} 个幅度值，而不是 {given} 个。',
    hint: '请给出完整的片段：{size}。',
  },
  'patch.mono': '{frames} 帧 × {bins} 个频点',
  'patch.channels': '{channels} 个声道 × {frames} 帧 × {bins} 个频点',
  'parameter.divisor': { message: '此模型需要知道歌曲的幅度除以多少。', hint: '请给出 divisor。' },
  'parameter.model-address': { message: '{url} 不是模型的文件夹。', hint: '请给出含有 manifest.json 的文件夹地址。' },
  'parameter.classic-mono': {
    message: '模型“{id}”有两个声道，而此类模型的经典方式为单声道。',
    hint: '请不带 --classic 分离，或选择其他模型。',
  },
  'parameter.classic-frames': { message: 'Spleeter 按片段运行，从不一次处理整首歌曲。', hint: '请不要指定帧数。' },
  'parameter.classic-networks': {
    message: 'Spleeter 的方式要求每个音轨各有一个网络；模型“{id}”只有一个。',
    hint: '请选择包含全部网络的模型。',
  },

  'training.too-short': { message: '人声或伴奏太短。', hint: '请选择 {seconds} 秒以上的文件。' },
  'training.silent': { message: '人声是静音。', hint: '请选择其他文件。' },

  'metrics.rate': { message: '{rate} Hz 不是有效的采样率。', hint: '请以赫兹给出采样率，例如 44100。' },
  'metrics.shapes': {
    message: '{reference} 与 {estimate} 个采样（声道 × 长度）的声音无法比较。',
    hint: '参考与估计应有相同的声道数和长度。',
  },
  'metrics.exponent': { message: '理想比值掩码没有指数 {alpha}。', hint: '请给出大于 0 的数：2 或 1。' },
  'metrics.lengths': { message: '幅度与掩码的长度不同：{lengths}。', hint: '请给出长度相同的数组。' },
  'metrics.bss-frames': {
    message: 'BSS Eval 不能使用 {window} 个采样的帧、{hop} 的间隔和长度 {filterLength} 的滤波器。',
    hint: '请给出正数；常用 1 秒、1 秒和 512。',
  },
  'metrics.sources': {
    message: '{references} 个参考与 {estimates} 个估计无法比较。',
    hint: '每个声源应有一个估计。',
  },
};
