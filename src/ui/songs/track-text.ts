import type { AudioTrack } from '../../audio/decode/song-stream.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongEntry } from '../../songs/song-entry.ts';

/** Names of codecs, by FFmpeg's names; others are shown in capitals. */
const CODECS: Readonly<Record<string, string>> = {
  ac3: 'AC-3',
  eac3: 'E-AC-3',
  opus: 'Opus',
  speex: 'Speex',
  truehd: 'TrueHD',
  vorbis: 'Vorbis',
  wavpack: 'WavPack',
};

/** Layouts that are known by their number of channels. */
const SURROUND: Readonly<Record<number, string>> = { 6: '5.1', 8: '7.1' };

/** What tools write as a title into each file: the name of the program that is to play the track. */
const GENERIC_TITLE = /handler$|^core media audio$|^iso media file produced by/i;

const SEPARATOR = ' · ';

/** An audio track in a menu: “Track 2 · English · Commentary · AAC · stereo”. */
export function trackText(track: AudioTrack, i18n: I18n): string {
  return [...namesOf(track, i18n), codecName(track.codec), channelsText(track.channels, i18n)].join(SEPARATOR);
}

/** The chosen track of a song, where it is worth saying; undefined: the file has one, or its default is chosen. */
export function chosenTrackText(song: SongEntry, i18n: I18n): string | undefined {
  if (song.kind === 'damaged' || song.track === undefined) return undefined;
  const track = song.tracks.find(({ index }) => index === song.track);
  return track ? namesOf(track, i18n).join(SEPARATOR) : numberText(song.track, i18n);
}

function namesOf({ index, language, title }: AudioTrack, i18n: I18n): readonly string[] {
  const own = title && !GENERIC_TITLE.test(title.trim()) ? title : undefined;
  const names = [numberText(index, i18n), language && languageName(language, i18n), own];
  // A title often repeats the language.
  return [...new Set(names.flatMap((name) => name || []))];
}

function numberText(index: number, i18n: I18n): string {
  return i18n.t('track.number', { number: index + 1 });
}

/** Name of a language by its tag, ISO 639 or BCP 47, in the page's language; undefined: it says nothing. */
function languageName(tag: string, i18n: I18n): string | undefined {
  if (/^(und|mis|zxx)$/i.test(tag)) return undefined;
  try {
    return new Intl.DisplayNames([i18n.language], { type: 'language' }).of(tag);
  } catch {
    // The file has something else than a tag, perhaps a word.
    return tag;
  }
}

function codecName(codec: string): string {
  if (codec.startsWith('pcm_')) return 'PCM';
  return CODECS[codec] ?? codec.toUpperCase();
}

function channelsText(channels: number, i18n: I18n): string {
  if (channels === 1) return i18n.t('song.mono');
  if (channels === 2) return i18n.t('song.stereo');
  return SURROUND[channels] ?? i18n.t('track.channels', { count: channels });
}
