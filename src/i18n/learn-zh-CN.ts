import type { LearnMessages } from './learn.ts';

/** 学习室的全部文字，简体中文。 */
export const learnZhCN: LearnMessages = {
  'learn.title': '原理',
  'learn.lead':
    '歌曲可以看成一张图，而擅长从图里“抠图”的网络，也能把人声抠出来。在你自己的歌上看每一步，一切都在此刻、在本机计算。',
  'learn.sections': '章节',
  'learn.next': '下一节：{title}',
  'learn.previous': '上一节：{title}',
  'learn.song': '歌曲：{name}',
  'learn.songBar': '正在展示的歌曲',
  'learn.choose': '换一首歌',
  'learn.opening': '正在打开示例歌曲……',
  'learn.noSong': '还没有打开歌曲。',
  'learn.tryDemo': '打开示例歌曲',
  'learn.loading': '正在加载本节……',
  'learn.sources': '出处',
  'learn.pieceShown': '展示并播放：歌曲的 {from} 至 {to}',
  'learn.pieceHere': '取播放位置处的一段',

  'sound.short': '声音即图像',
  'sound.title': '声音是一张图',
  'sound.p1':
    '声音是一条曲线：每秒数万次记录下的空气压力。把它切成互相重叠的短帧，问每一帧里各个频率各占多少，再把答案并排放好，短时傅里叶变换就把声音变成了一张图：声谱图。',
  'sound.picture': '这一段的声谱图：从左到右是时间，从下到上是频率，亮度表示电平。',
};
