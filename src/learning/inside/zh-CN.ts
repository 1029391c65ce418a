import type { InsideKey } from './en.ts';

/** “U-Net 的内部”一节的文字，简体中文。 */
export const insideZhCN: Readonly<Record<InsideKey, string>> = {
  'inside.short': 'U-Net 内部',
  'inside.title': 'U-Net 的内部',
  'inside.p1':
    '往下走，每一层用几格大的卷积核看图，输出更小、通道更多的图：“在哪里”少了，“是什么”多了。往上走，转置卷积把图放大回原来的尺寸。答案正需要如此：掩码和输入一样大。',
  'inside.p2':
    '往下走时，事物的确切位置丢失了。跳跃连接把它横着递过去：上行的每一层，都还能看到下行时同样大小那一层看到的东西。',
  'inside.p3': '下面的一切都是现在计算的：用分离这首歌的网络，看播放位置处的一块。',
  'inside.spleeter':
    'Spleeter（Deezer，2019）是论文网络的成熟版本。它在 44.1 kHz 下工作，左右声道是同一张图的两层。跳跃连接传递的是卷积的原始结果，在批归一化之前；上行时，批归一化在激活之后。最上面还有一层带空洞的卷积，为每个声道生成一张掩码。每一轨有自己的网络：人声掩码就是人声估计在两个估计中所占的份额。',
  'inside.spleeterHere': '下面的一切都是现在计算的：只用人声网络，看播放位置处的一块；掩码和输入是左声道的。',
  'inside.loading': '正在加载网络……',
  'inside.computing': '正在计算……',
  'inside.mapsTitle': '一层看到了什么',
  'inside.maps': '特征图，最强的在前',
  'inside.mapsText':
    '在上图中选一层：每张小图是它的一个通道，向右是时间，向上是频率；橙色大于 0，蓝色小于 0。最亮的颜色表示每张图里最强的 5% 的格子。按平均绝对激活值从强到弱排列。点击可放大。',
  'inside.map': '通道 {n}：平均 |激活| {strength}，最大 {greatest}',
  'inside.more': '显示更多',
  'inside.skipsTitle': '跳跃连接',
  'inside.skipsText': '关掉一条，它的位置就换成零。这一段会重新分离：听一听，再看掩码移动了多少。',
  'inside.skipsWhy':
    'SDR 不一定下降。训练要减小的是幅度之差，而 SDR 比较的是波形：带来细节很少的连接，可能带来更多的误差。',
  'inside.suggestion': '请先关掉第 {n} 条。',
  'inside.skip': '{n}：{bins} × {frames}',
  'inside.hear.whole': '人声，全部连接',
  'inside.hear.cut': '人声，按当前开关',
  'inside.noEffect': '所有连接都开着。',
  'inside.effect': '关掉第 {list} 条：掩码平均变化 {change}。',
  'inside.effectSdr': '与真实人声相比：全部连接时 SDR 为 {whole} dB，按当前开关为 {cut} dB。',
  'inside.effectBetter': '按当前开关，SDR 反而更高：就这一段和这个指标而言，关掉的连接有害无益。',
  'inside.fieldTitle': '一格能看多远',
  'inside.fieldText':
    '点击掩码上的一格，或用方向键和回车选择；两张图上都用圆环标出。它的数值对输入的梯度说明它依赖哪些格：影响达到最大值 1% 以上的，都画在输入上。',
  'inside.maskCaption': '掩码（请选一格）',
  'inside.maskAlt': '这一块的掩码：向右是时间，向上是频率，亮处是人声。方向键移动光标，回车选定。',
  'inside.inputCaption': '输入，以及这一格所看的范围',
  'inside.inputAlt': '灰色是网络输入的幅度；橙色叠加的是所选掩码格所依赖的部分。',
  'inside.middle': '看正中间的一格',
  'inside.chosen': '所选的格子',
  'inside.choose': '还没有选格。',
  'inside.field':
    '{time}、{frequency} 的这一格：起作用的范围为 {bins} 个频点 × {frames} 帧（{seconds} 秒）；哪怕只有一点影响的，来自 {anyBins} 个频点 × {anyFrames} 帧。',
};
