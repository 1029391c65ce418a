import type { MaskKey } from './en.ts';

/** “掩码 × 混音”一节的文字，简体中文。 */
export const maskZhCN: Readonly<Record<MaskKey, string>> = {
  'mask.short': '掩码 × 混音',
  'mask.title': '掩码 × 混音',
  'mask.p1':
    '网络并不直接画出人声，而是画一张与混音图同样大小的掩码：每一刻、每个频率一个 0 到 1 的数，表示其中有多少是人声。逐格相乘，掩码 × 混音就是人声，(1 − 掩码) × 混音就是其余部分。',
  'mask.p2':
    '因此结果里不会出现混音中没有的东西。指向一格，就能看到它的三个数。硬掩码让每一格只归一方：停顿处更干净，声音更生硬。',
  'mask.mixtureAlt':
    '网络所接收的混音的声谱图：从左到右是时间，从下到上是频率，亮度表示电平。方向键逐格移动，加号和减号缩放。',
  'mask.maskVocals': '人声掩码',
  'mask.maskVocalsAlt': '人声掩码：网络认为是人声的地方亮，其余地方暗。',
  'mask.maskAccompaniment': '伴奏掩码',
  'mask.maskAccompanimentAlt': '伴奏掩码，即 1 减去人声掩码：网络认为是人声的地方暗。',
  'mask.vocalsAlt': '乘积：人声的声谱图。',
  'mask.accompanimentAlt': '乘积：伴奏的声谱图。',
  'mask.kind': '掩码种类',
  'mask.soft': '软',
  'mask.hard': '硬',
  'mask.threshold': '阈值',
  'mask.strength': '强度',
  'mask.strengthText': '掩码的 {exponent} 次方',
  'mask.point': '把指针移到图上，或用方向键逐格移动，即可读数。',
  'mask.reading': '{time}，{frequency}：混音 {mixture}（{mixtureDb} dB）× 掩码 {mask} = {product}（{productDb} dB）',
  'mask.hear.mask': '掩码（用噪声听）',
  'mask.hear.product': '乘积',
};
