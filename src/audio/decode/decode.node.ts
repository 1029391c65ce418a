import decode from 'audio-decode';
import type { AudioData } from '../audio-data.ts';
import { mixdown } from '../mixdown.ts';
import { damaged, emptyFile, isImage, noAudioTrack, noSamples, notAudio, unknownCodec } from './decode-errors.ts';
import { probe } from './probe-audio.ts';

/**
 * Decodes a file in Node with audio-decode (WebAssembly decoders, no ffmpeg): WAV, MP3, FLAC, Ogg Vorbis, Opus, AAC,
 * M4A, MP4, WebM and Matroska, and some more (AIFF, CAF, WMA …). Rate, channels, length and errors are those of
 * decodeInBrowser, except that raw AAC begins 1024 samples later: this decoder removes the usual encoder delay.
 *
 * @param bytes the whole file; not changed
 * @param name the file's name, for messages
 * @throws AudioDecodeError if the file is empty, is not audio, has no audio track or no samples, or is damaged
 */
export async function decodeInNode(bytes: Uint8Array, name: string): Promise<AudioData> {
  if (bytes.byteLength === 0) throw emptyFile(name);
  const found = await probe(bytes);
  if (found.kind === 'image') throw isImage(name);
  if (found.kind === 'no-audio') throw noAudioTrack(name);
  if (found.kind === 'audio' && found.empty) throw noSamples(name);
  let decoded: { readonly channelData: Float32Array[]; readonly sampleRate: number };
  try {
    decoded = await decode(bytes);
  } catch (cause) {
    if (found.kind === 'unknown') throw notAudio(name);
    if (found.kind === 'audio' && found.codec === null) throw unknownCodec(name, null, { cause });
    throw damaged(name, { cause });
  }
  const { channelData, sampleRate } = decoded;
  if ((channelData[0]?.length ?? 0) === 0) throw found.kind === 'unknown' ? notAudio(name) : damaged(name);
  // The library returns one channel for a stereo MP3 or AAC whose sides are equal.
  const isFolded = channelData.length === 1 && found.kind === 'audio' && found.channels === 2;
  return mixdown({ sampleRate, channels: isFolded ? [channelData[0], channelData[0]] : channelData });
}
