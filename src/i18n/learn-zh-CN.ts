import type { LearnMessages } from './learn.ts';
import { insideZhCN } from './learn-inside-zh-CN.ts';
import { paintZhCN } from './learn-paint-zh-CN.ts';

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

  ...paintZhCN,
  ...insideZhCN,

  'learn.back': '回到歌曲',
  'learn.onDisk': '这段录音太长，无法整个放进内存。学习室适合几分钟以内的歌曲：请打开另一首，或打开示例歌曲。',
  'learn.noStem': '无法载入示例歌曲的真实分轨。',
  'learn.noStemHint': '请检查网络连接，然后重新打开本节。',
  'learn.waitsForVocals': '这一段的人声还在分离中。',

  'sound.short': '声音即图像',
  'sound.title': '声音是一张图',
  'sound.p1':
    '声音是一条曲线：每秒数万次记录下的空气压力。把它切成互相重叠的短帧，用窗函数让每帧淡入淡出，再问其中各个频率各占多少。把答案并排放好，就是一张图——声谱图：时间向右，频率向上，亮度是电平。',
  'sound.p2':
    '长窗能分清相近的频率，短窗能分清相近的时刻，两者不可兼得。论文用 8192 Hz 下 1024 个采样的窗（八分之一秒），每 768 个采样一帧。',
  'sound.window': '窗长',
  'sound.windowText': '{samples} 个采样 = {ms} 毫秒，频率间隔 {hz} Hz',
  'sound.hop': '帧移',
  'sound.hopText': '{part} 窗长 = {samples} 个采样，{ms} 毫秒',
  'sound.axis': '频率轴',
  'sound.axis.linear': '线性',
  'sound.axis.log': '对数',
  'sound.axis.mel': '梅尔',
  'sound.wave': '这一段的波形；当前帧所取的部分已标出。',
  'sound.spectrogram': '声谱图',
  'sound.picture': '这一段的声谱图：从左到右是时间，从下到上是频率，亮度表示电平。方向键逐格移动，加号和减号缩放。',
  'sound.reading': '第 {frame} 帧（共 {frames} 帧），{time}：{hz} Hz {note} 处 {level} dB',
  'sound.stepTitle': '一帧的变换，逐步来看',
  'sound.step': '演示这一步',
  'sound.cut': '从曲线上切下一帧',
  'sound.windowed': '用窗函数淡入淡出',
  'sound.spectrum': '它的频谱：图中的一列',
  'sound.phaseTitle': '为什么保留幅度、借用相位',
  'sound.phase1':
    '变换的每一格里有两个数：有多强（幅度），以及摆动到了哪里（相位）。图上只有前者；相位看上去像噪声，网络既看不到也不生成它。而幅度要变回声音，必须有相位。',
  'sound.phase2':
    '下面是歌手的幅度配上四种相位。借用混音的相位损失很小，因为歌手响亮的地方，混音的相位几乎就是歌手的相位，所以分离时借用它。零相位听起来空洞。Griffin-Lim 算法只凭幅度去找相位：图对了，曲线却不对；耳朵能原谅，SDR 不能。',
  'sound.listen': '听哪一个',
  'sound.hearMixture': '歌曲',
  'sound.hearOwn': '自身相位',
  'sound.hearBorrowed': '混音相位',
  'sound.hearZero': '零相位',
  'sound.hearGriffinLim': 'Griffin-Lim',
  'sound.rounds': 'Griffin-Lim 轮数',
  'sound.phaseColumn': '人声的幅度，配上',
  'sound.sdr': 'SDR（dB）',
  'sound.spectralError': '图的误差（dB）',
  'sound.againstTruth': '这里用的是示例歌曲真实人声的幅度，SDR 也以真实人声为准。',
  'sound.againstSeparated':
    '这首歌的真实人声未知：这里用的是分离出的人声的幅度，SDR 也以它为准。它本来就带着混音的相位，所以比真实人声更合得上。打开示例歌曲可以听到真实人声的情形。',

  'learn.zoomIn': '放大',
  'learn.zoomOut': '缩小',

  'mask.short': '掩码 × 混音',
  'mask.title': '掩码 × 混音',
  'mask.p1':
    '网络并不直接画出人声，而是画一张与混音图同样大小的掩码：每一刻、每个频率一个 0 到 1 的数，表示其中有多少是人声。逐格相乘，掩码 × 混音就是人声，(1 − 掩码) × 混音就是其余部分。',
  'mask.p2':
    '因此结果里不会出现混音中没有的东西。指向一格，就能看到它的三个数。硬掩码让每一格只归一方：停顿处更干净，声音更生硬。',
  'mask.mixture': '混音',
  'mask.mixtureAlt':
    '网络所听到的混音的声谱图：从左到右是时间，从下到上是频率，亮度表示电平。方向键逐格移动，加号和减号缩放。',
  'mask.maskVocals': '人声掩码',
  'mask.maskVocalsAlt': '人声掩码：网络认为是人声的地方亮，其余地方暗。',
  'mask.maskAccompaniment': '伴奏掩码',
  'mask.maskAccompanimentAlt': '伴奏掩码，即 1 减去人声掩码：网络认为是人声的地方暗。',
  'mask.vocals': '人声',
  'mask.vocalsAlt': '乘积：人声的声谱图。',
  'mask.accompaniment': '伴奏',
  'mask.accompanimentAlt': '乘积：伴奏的声谱图。',
  'mask.part': '取出哪一部分',
  'mask.kind': '掩码种类',
  'mask.soft': '软',
  'mask.hard': '硬',
  'mask.threshold': '阈值',
  'mask.strength': '强度',
  'mask.strengthText': '掩码的 {exponent} 次方',
  'mask.point': '把指针移到图上，或用方向键逐格移动，即可读数。',
  'mask.reading': '{time}，{hz} Hz {note}：混音 {mixture}（{mixtureDb} dB）× 掩码 {mask} = {product}（{productDb} dB）',
  'mask.hear.mixture': '混音',
  'mask.hear.mask': '掩码（用噪声听）',
  'mask.hear.product': '乘积',
};
