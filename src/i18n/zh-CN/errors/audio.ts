import type { audioErrors as english } from '../../en/errors/audio.ts';
import type { Translated } from '../../translated.ts';

const CHOOSE = '请选择 WAV、MP3、FLAC、Ogg、Opus、M4A、AAC、AIFF 或 WebM 文件，或带声音的视频。';

/** 无法读取的音频文件，以及播放。 */
export const audioErrors: Translated<typeof english> = {
  'audio.empty-file': { message: '“{name}”是空文件（0 字节）。', hint: '请重新复制或下载该文件，或选择其他文件。' },
  'audio.not-audio': { message: '“{name}”不是音频文件。', hint: CHOOSE },
  'audio.picture': { message: '“{name}”是图片，没有声音。', hint: CHOOSE },
  'audio.no-track': { message: '“{name}”没有声音：其中没有音轨。', hint: '请选择带声音的视频或音频文件。' },
  'audio.no-such-track': { message: '“{name}”没有第 {track} 条音轨：音轨数为 {tracks}。', hint: '请选择其他音轨。' },
  'audio.no-samples': { message: '“{name}”没有声音：长度为零。', hint: '请重新导出或下载该文件，或选择其他文件。' },
  'audio.damaged': {
    message: '“{name}”已损坏或不完整：无法解码出任何声音。',
    hint: '请重新下载或复制该文件，或用音频编辑器转换为 WAV 或 FLAC。',
  },
  'audio.unreadable': {
    message: '无法再读取“{name}”：选择之后，它被移动、更改或删除了。',
    hint: '请重新选择该文件。',
  },
  'audio.unknown-codec': {
    message: '“{name}”的声音编码无法识别。',
    hint: '请用音频编辑器转换为 WAV、FLAC 或 MP3 后再选择。',
  },
  'audio.unsupported-codec': {
    message: '“{name}”的声音编码为 {codec}，不受支持。',
    hint: '请用音频编辑器转换为 WAV、FLAC 或 MP3 后再选择。',
  },
  'audio.no-sound': { message: '“{name}”中没有声音。', hint: '请选择其他文件。' },
  'audio.not-fetched': { message: '无法获取“{name}”。', hint: '请检查地址和网络连接。' },
  'audio.server-status': { message: '无法获取“{name}”：服务器的应答为 {status}。', hint: '请检查地址。' },
  'audio.no-demo-stem': { message: '无法载入示例歌曲的真实分轨。', hint: '请检查网络连接，然后重新打开本节。' },

  'decode.broke-off': '“{name}”不完整：在 {done} 处结束，应有 {stated}。',
  'decode.broke-off-early': '“{name}”不完整：能解码的部分到 {done} 为止。',
  'decode.invalid-samples': '“{name}”中不是数字或为无穷大的采样已设为 0：{count} 个。',

  'playback.no-output': {
    message: '浏览器没有提供声音输出。',
    hint: '请连接扬声器或耳机，关闭其他正在播放声音的标签页，然后重新打开歌曲。',
  },
  'playback.no-stretch': {
    message: '此浏览器无法改变速度和音调。',
    hint: '歌曲按原样继续播放。请重新加载页面或更新浏览器后再试。',
  },
};
