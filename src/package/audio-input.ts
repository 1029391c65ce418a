import type { AudioData } from '../audio/audio-data.ts';
import { mixdown } from '../audio/mixdown.ts';
import { AudioDecodeError } from '../core/errors.ts';

/**
 * A sound: decoded (an AudioBuffer, or channels of samples with a rate), a file or its bytes, or the address of a file.
 */
export type AudioInput = AudioData | AudioBuffer | Blob | ArrayBuffer | URL | string;

/** Loaded on first use. */
async function decode(file: Blob | ArrayBuffer, name: string, signal?: AbortSignal): Promise<AudioData> {
  const { decodeInBrowser } = await import('../audio/decode/decode.browser.ts');
  const { sampleRate, channels, depth } = await decodeInBrowser(file, name, { signal });
  return { sampleRate, channels, depth };
}

/**
 * Decodes a sound to one or two channels, at its own sample rate. The caller keeps its bytes.
 *
 * @throws AudioDecodeError if it cannot be fetched or is not audio; the signal's reason
 */
export async function toAudioData(input: AudioInput, signal?: AbortSignal): Promise<AudioData> {
  if (typeof input === 'string' || input instanceof URL) return fetched(input, signal);
  if (input instanceof Blob) return decode(input, input instanceof File ? input.name : 'the sound', signal);
  if (input instanceof ArrayBuffer) return decode(input, 'the sound', signal);
  if (!('getChannelData' in input)) return mixdown(input);
  const channels = Array.from({ length: input.numberOfChannels }, (_, n) => input.getChannelData(n));
  return mixdown({ sampleRate: input.sampleRate, channels });
}

async function fetched(address: URL | string, signal?: AbortSignal): Promise<AudioData> {
  const url = new URL(address, document.baseURI);
  const name = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1)) || url.href;
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new AudioDecodeError('audio.not-fetched', { name }, { cause });
  }
  if (!response.ok) {
    throw new AudioDecodeError('audio.server-status', { name, status: String(response.status) });
  }
  return decode(await response.blob(), name, signal);
}
