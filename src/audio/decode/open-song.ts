import { AudioDecodeError } from '../../core/errors.ts';
import { sampleDepth } from '../sample-depth.ts';
import {
  damaged,
  emptyFile,
  isImage,
  noAudioTrack,
  noSamples,
  noSuchTrack,
  notAudio,
  unknownCodec,
  unreadable,
} from './decode-errors.ts';
import { type DecoderModule, startDecoder } from './decoder-module.ts';
import { DecoderStream } from './decoder-stream.ts';
import { isImageFile } from './image-file.ts';
import { chainedSeconds } from './ogg-links.ts';
import { type AudioTrack, defaultTrack, type OpenSongOptions, type SongStream } from './song-stream.ts';
import { type ByteSource, type WatchedSource, watchedSource } from './sources.ts';

/** Below this score of FFmpeg's, of 100, bytes only happen to look like a container: they must give sound. */
const MIN_SCORE = 25;

/** Seconds before a part from which on it is worth to seek. */
const MIN_SEEK_SECONDS = 3;

/**
 * Opens a file for decoding, on the page, in workers and in Node alike. Memory does not grow with the length of the
 * song.
 *
 * @param compiled decoder.wasm
 * @param source the file; closed with the stream, and when opening fails
 * @param name the file's name, for messages and as a hint at the container
 * @throws AudioDecodeError if the file is empty, is not audio, has no audio track or no samples, is damaged, or has a
 * codec that is not supported
 */
export async function openSong(
  compiled: WebAssembly.Module,
  source: ByteSource,
  name: string,
  options: OpenSongOptions = {},
): Promise<SongStream> {
  const watched = watchedSource(source);
  try {
    if (source.size === 0) throw emptyFile(name);
    if (isImageFile(watched)) throw isImage(name);
    const open = async () => openOrDamaged(await startDecoder(compiled, watched), watched, name, options);
    const stream = await open();
    const { from = 0 } = options;
    // After a seek that failed, another instance begins at the song's start.
    return from < MIN_SEEK_SECONDS || stream.seek() ? stream : await open();
  } catch (error) {
    source.close();
    throw watched.failure === undefined ? error : unreadable(name, { cause: watched.failure });
  }
}

/** Any error of the decoder's instance (a trap, an exit, an address that is none) comes of the file. */
function openOrDamaged(...given: Parameters<typeof openWith>): DecoderStream {
  try {
    return openWith(...given);
  } catch (error) {
    throw error instanceof AudioDecodeError ? error : damaged(given[2], { cause: error });
  }
}

function openWith(
  module: DecoderModule,
  source: WatchedSource,
  name: string,
  { track, from = 0 }: OpenSongOptions,
): DecoderStream {
  const { calls } = module;
  const song = calls.song_new(0, source.size);
  const score = module.withText(name, (pointer) => calls.song_open(song, pointer));
  if (score < 0) throw calls.song_is_container(song) ? damaged(name) : notAudio(name);
  const streams = Array.from({ length: calls.song_streams(song) }, (_, n) => n);
  // A container without streams has lost its index: recorders write it last, so a truncated file has none.
  if (streams.length === 0) throw damaged(name);
  const sound = streams.filter((n) => calls.stream_is_audio(song, n));
  // An MPEG film may have its picture taken for a sound without a rate.
  const known = sound.filter((n) => calls.stream_rate(song, n) > 0);
  const audio = known.length > 0 ? known : sound;
  if (audio.length === 0) throw noAudioTrack(name);
  // Of a chained file, the decoder knows the length of the last link.
  const isOgg = module.text(calls.song_container(song)) === 'ogg';
  const chained = isOgg && audio.length === 1 ? chainedSeconds(source) : undefined;
  const tracks = audio.map((n, index) => trackOf(module, song, n, index, chained));
  const chosen = track === undefined ? defaultTrack(tracks) : tracks[track];
  if (chosen === undefined) throw noSuchTrack(name, track ?? 0, tracks.length);
  const stream = audio[chosen.index];
  const result = calls.song_select(song, stream);
  if (calls.song_unsupported(result)) throw unknownCodec(name, chosen.codec);
  if (result < 0) throw damaged(name);
  const opened = new DecoderStream({ module, song, stream, source, name, tracks, track: chosen, chained, from });
  if (opened.isEmpty) {
    if (calls.song_refused(song) === 0 && calls.song_failed(song) === 0 && score >= MIN_SCORE) throw noSamples(name);
    throw score < MIN_SCORE ? notAudio(name) : damaged(name);
  }
  return opened;
}

/** @param chained seconds of a chained file */
function trackOf(
  module: DecoderModule,
  song: number,
  stream: number,
  index: number,
  chained: number | undefined,
): AudioTrack {
  const { calls } = module;
  const tag = (key: string) => module.withText(key, (pointer) => module.text(calls.stream_tag(song, stream, pointer)));
  const seconds = chained ?? calls.stream_seconds(song, stream);
  const codec = module.text(calls.stream_codec(song, stream)) ?? 'none';
  return {
    index,
    codec,
    depth: sampleDepth(codec, calls.stream_bits(song, stream) || undefined),
    sampleRate: calls.stream_rate(song, stream),
    channels: calls.stream_channels(song, stream),
    seconds: seconds > 0 ? seconds : undefined,
    language: tag('language'),
    title: tag('title') ?? tag('handler_name'),
    isDefault: calls.stream_is_default(song, stream) !== 0,
  };
}
