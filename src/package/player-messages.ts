const en = {
  play: 'Play',
  pause: 'Pause',
  position: 'Position',
  positionValue: '{position} of {duration}',
  heard: 'What is heard',
  original: 'Original',
  vocals: 'Vocals',
  accompaniment: 'Accompaniment',
  vocalsLevel: 'Level of the vocals',
  accompanimentLevel: 'Level of the accompaniment',
  loading: 'Getting the song and the model…',
  separating: 'Separating…',
  progress: 'Separation',
  separated: 'Separated',
};

/** Names of the player's texts. */
export type PlayerMessage = keyof typeof en;

const zh: Readonly<Record<PlayerMessage, string>> = {
  play: '播放',
  pause: '暂停',
  position: '播放位置',
  positionValue: '{position}，共 {duration}',
  heard: '收听内容',
  original: '原曲',
  vocals: '人声',
  accompaniment: '伴奏',
  vocalsLevel: '人声音量',
  accompanimentLevel: '伴奏音量',
  loading: '正在获取歌曲和模型…',
  separating: '正在分离…',
  progress: '分离进度',
  separated: '分离完成',
};

/** The player's texts in the language of a BCP 47 tag, or English. */
export function playerMessages(tag: string): Readonly<Record<PlayerMessage, string>> {
  return tag.toLowerCase().startsWith('zh') ? zh : en;
}
