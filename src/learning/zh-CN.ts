import type { CommonKey } from './en.ts';

/** 学习页各节共用的文字，以及学习页本身的文字，简体中文。 */
export const commonZhCN: Readonly<Record<CommonKey, string>> = {
  'learn.title': '原理',
  'learn.lead':
    '歌曲可以看成一张图，而擅长从图里“抠图”的网络，也能把人声抠出来。在你自己的歌上看每一步，一切都在此刻、在本机计算。',
  'learn.sections': '章节',
  'learn.next': '下一节：{title}',
  'learn.previous': '上一节：{title}',
  'learn.song': '歌曲：{name}',
  'learn.songBar': '正在展示的歌曲',
  'learn.choose': '换一首歌',
  'learn.opening': '正在打开歌曲……',
  'learn.noSong': '还没有打开歌曲。',
  'learn.tryDemo': '打开示例歌曲',
  'learn.loading': '正在加载本节……',
  'learn.back': '回到歌曲',
  'learn.onDisk':
    '这段录音太长，无法整个放进内存，只有“涂抹掩码”一节能展示它。要看本节，请打开一首短一些的歌曲，或打开示例歌曲。',
  'learn.sources': '出处',
  'learn.excerpt': '展示并播放：歌曲的 {from} 至 {to}',
  'learn.excerptHere': '取播放位置处的一段',
  'learn.waitsForVocals': '这一段的人声还在分离中。',
  'learn.listen': '听什么',
  'learn.part': '哪一部分',
  'learn.vocals': '人声',
  'learn.accompaniment': '伴奏',
  'learn.mixture': '混音',
  'learn.axis': '频率轴',
  'learn.axis.linear': '线性',
  'learn.axis.log': '对数',
  'learn.axis.mel': '梅尔',
  'learn.zoomIn': '放大',
  'learn.zoomOut': '缩小',
  'learn.chooseFile': '选择文件',
};
