import type { SoundKey } from './en.ts';

/** “声音是一张图”一节的文字，简体中文。 */
export const soundZhCN: Readonly<Record<SoundKey, string>> = {
  'sound.short': '声音即图像',
  'sound.title': '声音是一张图',
  'sound.p1':
    '声音是一条曲线：每秒数万次记录下的空气压力。把它切成互相重叠的短帧，用窗函数让每帧淡入淡出，再问其中各个频率各占多少。把答案并排放好，就是一张图——声谱图：时间向右，频率向上，亮度是电平。',
  'sound.p2':
    '长窗能分清相近的频率，短窗能分清相近的时刻，两者不可兼得。相邻两帧的距离称为帧移。论文用 8192 Hz 下 1024 个采样的窗（八分之一秒），帧移 768；Spleeter 用 44.1 kHz 下 4096 个采样的窗（略短一些），帧移 1024。',
  'sound.window': '窗长',
  'sound.windowText': '{samples} 个采样 = {ms} 毫秒，频率间隔 {hz} Hz',
  'sound.hop': '帧移',
  'sound.hopText': '{part} 窗长 = {samples} 个采样，{ms} 毫秒',
  'sound.wave': '这一段的波形；当前帧所取的部分已标出。',
  'sound.spectrogram': '声谱图',
  'sound.spectrogramAlt':
    '这一段的声谱图：从左到右是时间，从下到上是频率，亮度表示电平。方向键逐格移动，回车演示这一帧，加号和减号缩放。',
  'sound.reading': '第 {frame} 帧（共 {frames} 帧），{time}，{frequency}：{level} dB',
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
  'sound.hearMixture': '歌曲',
  'sound.hearOwn': '自身相位',
  'sound.hearBorrowed': '混音相位',
  'sound.hearZero': '零相位',
  'sound.hearGriffinLim': 'Griffin-Lim',
  'sound.rounds': 'Griffin-Lim 轮数',
  'sound.phaseColumn': '人声的幅度，配上',
  'sound.sdr': 'SDR（dB）',
  'sound.spectralError': '图的误差（dB）',
  'sound.computing': '正在计算……',
  'sound.againstTruth': '这里用的是示例歌曲真实人声的幅度，SDR 也以真实人声为准。',
  'sound.againstSeparated':
    '这首歌的真实人声未知：这里用的是分离出的人声的幅度，SDR 也以它为准。它本来就带着混音的相位，所以比真实人声更合得上。打开示例歌曲可以听到真实人声的情形。',
};
