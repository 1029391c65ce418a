import type { AudioDecodeError } from '../../core/errors.ts';
import type { AudioData } from '../audio-data.ts';
import { mixdown } from '../mixdown.ts';
import { damaged, emptyFile, isImage, noAudioTrack, noSamples, notAudio, unknownCodec } from './decode-errors.ts';
import { type AudioProbe, probe } from './probe-audio.ts';

/** Hertz if the file's rate is unknown (a container that only the browser knows), or the browser refuses it. */
const FALLBACK_RATE = 48000;

/**
 * Decodes a file on the page, at the file's own sample rate. decodeAudioData resamples to the rate of its context, and
 * badly, so the context gets the rate that the container states. The result has at most two channels (see mixdown.ts).
 * Of a truncated file, the decodable part is returned.
 *
 * Raw AAC (.aac) keeps the encoder's delay, 1024 samples or more, as the stream does not state it.
 *
 * @param bytes the whole file; **detached** afterwards, as decodeAudioData takes it over
 * @param name the file's name, for messages
 * @throws AudioDecodeError if the file is empty, is not audio, has no audio track or no samples, or is damaged
 */
export async function decodeInBrowser(bytes: ArrayBuffer, name: string): Promise<AudioData> {
  if (bytes.byteLength === 0) throw emptyFile(name);
  const found = await probe(bytes);
  const refused = refusal(found, name);
  if (refused !== null) throw refused;
  const context = contextAt(found.kind === 'audio' ? found.sampleRate : FALLBACK_RATE);
  let buffer: AudioBuffer;
  try {
    buffer = await context.decodeAudioData(bytes);
  } catch (cause) {
    throw undecodable(found, name, cause);
  }
  if (buffer.length === 0) throw noSamples(name);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => buffer.getChannelData(index));
  return mixdown({ sampleRate: buffer.sampleRate, channels });
}

/**
 * Rejects files that need no try. A container unknown to the probe is tried: some browsers decode AIFF, CAF and others.
 */
function refusal(found: AudioProbe, name: string): AudioDecodeError | null {
  if (found.kind === 'image') return isImage(name);
  if (found.kind === 'no-audio') return noAudioTrack(name);
  if (found.kind === 'audio' && found.empty) return noSamples(name);
  return null;
}

function undecodable(found: AudioProbe, name: string, cause: unknown): AudioDecodeError {
  if (found.kind === 'unknown') return notAudio(name);
  if (found.kind === 'audio' && found.codec === null) return unknownCodec(name, null, { cause });
  return damaged(name, { cause });
}

function contextAt(sampleRate: number): OfflineAudioContext {
  try {
    return new OfflineAudioContext(1, 1, sampleRate);
  } catch {
    // Chromium takes 3 to 768 kHz; others must take 8 to 96 kHz only (Web Audio 1.1, section 1.3.1).
    return new OfflineAudioContext(1, 1, FALLBACK_RATE);
  }
}
