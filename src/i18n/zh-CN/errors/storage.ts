import type { storageErrors as english } from '../../en/errors/storage.ts';
import type { Translated } from '../../translated.ts';

/** 磁盘上的长歌曲、保存的歌曲与导出的文件。 */
export const storageErrors: Translated<typeof english> = {
  'long-song.no-space': {
    message: '“{name}”需要 {needed} GB 磁盘空间，而浏览器只能再给本页 {free} GB。',
    hint: '请腾出磁盘空间、删除已保留的歌曲，或只打开录音的一部分。已有内容不会丢失。',
  },
  'long-song.no-disk': {
    message: '“{name}”太长，内存放不下，而此浏览器没有给本页磁盘空间。',
    hint: '请在非隐私窗口、较新的浏览器中打开，或只打开其中一部分。',
  },
  'long-song.too-long': {
    message: '“{name}”超过了这里能打开的长度（13 小时）。',
    hint: '请用音频编辑软件切成几段，再逐段打开。',
  },
  'long-song.disk': {
    message: '磁盘拒绝保存“{name}”的数据。',
    hint: '已分离的部分仍可播放和保存。要继续，请重新打开文件。',
  },

  'archive.song-gone': {
    message: '已无法读取这首保存的歌曲。',
    hint: '请从列表中移除，然后重新打开其文件再次分离。',
  },
  'mask.not-png': { message: '无法将此图片读作 PNG。', hint: '请选择 PNG，例如在此保存的图片。' },

  'export.float-for-level': '音轨超过满刻度 {level} dB，因此格式为可保留其电平的 WAV 32 位浮点。',
  'export.quieter': '音轨超过了满刻度，因此两轨都降低 {level} dB 保存。WAV 32 位浮点可保留原电平。',
  'export.disk-full': {
    message: '没有空间存放此文件。',
    hint: '请腾出空间，或选择其他文件夹或更小的格式，然后重新保存。',
  },
  'export.denied': {
    message: '不能写入该位置。',
    hint: '请重新保存并选择其他文件夹；如有程序打开了该文件，请先关闭。',
  },
  'export.interrupted': { message: '文件没有写完。', hint: '请重新保存；如果再次发生，请换一个位置。（{detail}）' },
  'export.zip-too-large': {
    message: '两轨合计超过了 ZIP 文件的 4 GB 上限。',
    hint: '请分别保存，或选择更小的格式。',
  },
  'export.songs-too-large': {
    message: '所选歌曲的音轨合计超过了 ZIP 文件的 4 GB 上限。',
    hint: '请减少所选歌曲或选择更小的格式，其余的稍后再保存。',
  },
  'export.songs-gone': { message: '这些歌曲都已无法读取。', hint: '请从列表中移除，然后重新打开其文件。' },
  'export.video-unreadable': {
    message: '无法复制视频：其结构未知或已损坏。',
    hint: '请只保存声音，或将视频转换为 MP4 或 MKV 后重新打开。',
  },
  'export.encoder': { message: '无法在此写入这种格式。', hint: '请选择其他格式后重新保存。（{detail}）' },
};
