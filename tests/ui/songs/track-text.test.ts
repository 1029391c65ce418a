import { describe, expect, test } from 'vitest';
import type { AudioTrack } from '../../../src/audio/decode/song-stream.ts';
import { I18n } from '../../../src/i18n/i18n.ts';
import { newEntry } from '../../../src/songs/song-entry.ts';
import { chosenTrackText, trackText } from '../../../src/ui/songs/track-text.ts';

const en = new I18n();
const zh = new I18n();
await zh.speak('zh-CN');
const track = (facts: Partial<AudioTrack>): AudioTrack => ({
  index: 1,
  codec: 'aac',
  sampleRate: 48_000,
  channels: 2,
  isDefault: false,
  ...facts,
});

describe('an audio track in the menu', () => {
  test.each([
    [{}, 'Track 2 · AAC · stereo', '音轨 2 · AAC · 立体声'],
    [{ language: 'eng' }, 'Track 2 · English · AAC · stereo', '音轨 2 · 英语 · AAC · 立体声'],
    // Both codes of ISO 639-2, and a tag of BCP 47.
    [{ language: 'ger' }, 'Track 2 · German · AAC · stereo', '音轨 2 · 德语 · AAC · 立体声'],
    [{ language: 'deu' }, 'Track 2 · German · AAC · stereo', '音轨 2 · 德语 · AAC · 立体声'],
    [{ language: 'zh-Hant' }, 'Track 2 · Traditional Chinese · AAC · stereo', '音轨 2 · 繁体中文 · AAC · 立体声'],
    [{ language: 'und' }, 'Track 2 · AAC · stereo', '音轨 2 · AAC · 立体声'],
    [{ language: 'not a tag' }, 'Track 2 · not a tag · AAC · stereo', '音轨 2 · not a tag · AAC · 立体声'],
    [
      { language: 'fre', title: 'Commentary', codec: 'ac3', channels: 6 },
      'Track 2 · French · Commentary · AC-3 · 5.1',
      '音轨 2 · 法语 · Commentary · AC-3 · 5.1',
    ],
    [{ language: 'eng', title: 'English' }, 'Track 2 · English · AAC · stereo', undefined],
    [{ title: 'SoundHandler' }, 'Track 2 · AAC · stereo', undefined],
    [{ title: 'Core Media Audio' }, 'Track 2 · AAC · stereo', undefined],
    [{ codec: 'pcm_s24le', channels: 1 }, 'Track 2 · PCM · mono', '音轨 2 · PCM · 单声道'],
    [{ index: 0, codec: 'opus', channels: 8 }, 'Track 1 · Opus · 7.1', undefined],
    [{ codec: 'vorbis', channels: 5 }, 'Track 2 · Vorbis · 5 channels', '音轨 2 · Vorbis · 5 声道'],
  ])('%o is “%s”', (facts, english, chinese) => {
    expect(trackText(track(facts), en)).toBe(english);
    if (chinese !== undefined) expect(trackText(track(facts), zh)).toBe(chinese);
  });
});

describe('the chosen track in the list', () => {
  const song = newEntry('a', { fileName: 'film.mkv', file: new Blob([]) });
  const tracks = [track({ index: 0 }), track({ index: 1, language: 'fra', title: 'Commentary' })];

  test('is said where it is not the default one', () => {
    expect(chosenTrackText({ ...song, tracks }, en)).toBeUndefined();
    expect(chosenTrackText({ ...song, tracks, track: 1 }, en)).toBe('Track 2 · French · Commentary');
  });

  test('is a number where the tracks are not known yet', () => {
    expect(chosenTrackText({ ...song, track: 1 }, en)).toBe('Track 2');
    expect(chosenTrackText({ kind: 'damaged', id: 'b', bytes: 1 }, en)).toBeUndefined();
  });
});
