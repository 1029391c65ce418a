import { BlobSource, EncodedPacketSink, FLAC, Input, type InputAudioTrack, OGG, WAVE } from 'mediabunny';
import { type Element, element, float, ID, signed, text, unsigned } from '../../core/ebml.ts';
import { ExportError } from '../../core/errors.ts';

/** The rate at which Opus counts samples (RFC 7845, 5.1). */
const OPUS_RATE = 48_000;

/** Nanoseconds that a decoder needs to converge after a seek (RFC 9559, 12.6.3). */
const OPUS_SEEK_NS = 80_000_000;

const SECOND_NS = 1_000_000_000;

/** A packet of the new sound. */
export interface SoundBlock {
  /** When it is played, before the codec's delay is subtracted, seconds. */
  readonly seconds: number;
  readonly data: Uint8Array;
  /** Nanoseconds of samples at its end that are not part of the sound. */
  readonly paddingNs: number;
}

/** A sound file whose packets become the blocks of a Matroska track. */
export interface SoundTrack {
  /** What a TrackEntry says of the sound: codec, rate, channels. */
  readonly entry: readonly Element[];
  /** Duration of the sound, seconds. */
  readonly seconds: number;
  blocks(): AsyncGenerator<SoundBlock, void, undefined>;
  dispose(): void;
}

/** Opens a FLAC, Ogg Opus or WAV file with one sound track. @param samples of one channel */
export async function openSoundTrack(sound: Blob, samples: number): Promise<SoundTrack> {
  const input = new Input({ source: new BlobSource(sound), formats: [FLAC, OGG, WAVE] });
  const track = await input.getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new ExportError('export.video-unreadable');
  const isOpus = config.codec === 'opus';
  const rate = isOpus ? OPUS_RATE : config.sampleRate;
  const description = config.description === undefined ? undefined : bytesOf(config.description);
  const preSkip = isOpus && description ? description[10] + 256 * description[11] : 0;
  return {
    entry: entryOf(config, rate, description, preSkip),
    seconds: samples / rate,
    blocks: () => blocksOf(track, isOpus, rate, preSkip + samples),
    dispose: () => input.dispose(),
  };
}

function entryOf(
  { codec, numberOfChannels }: AudioDecoderConfig,
  rate: number,
  description: Uint8Array | undefined,
  preSkip: number,
): Element[] {
  const sound = [float(ID.SamplingFrequency, rate), unsigned(ID.Channels, numberOfChannels)];
  if (codec === 'flac' && description) {
    return [text(ID.CodecID, 'A_FLAC'), element(ID.CodecPrivate, description), element(ID.Audio, sound)];
  }
  if (codec === 'opus' && description) {
    return [
      text(ID.CodecID, 'A_OPUS'),
      element(ID.CodecPrivate, description),
      unsigned(ID.CodecDelay, Math.round((preSkip * SECOND_NS) / rate)),
      unsigned(ID.SeekPreRoll, OPUS_SEEK_NS),
      element(ID.Audio, sound),
    ];
  }
  const bits = Number(/^pcm-s(16|24)$/.exec(codec)?.[1] ?? 0);
  if (bits === 0) throw new ExportError('export.video-unreadable');
  return [text(ID.CodecID, 'A_PCM/INT/LIT'), element(ID.Audio, [...sound, unsigned(ID.BitDepth, bits)])];
}

/** @param end samples after which the sound ends, with the codec's delay */
async function* blocksOf(
  track: InputAudioTrack,
  isOpus: boolean,
  rate: number,
  end: number,
): AsyncGenerator<SoundBlock, void, undefined> {
  let position = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const seconds = position / rate;
    // What is said of the first and the last Opus packet leaves out what is not played.
    position += isOpus ? opusSamples(packet.data) : Math.round(packet.duration * rate);
    const padding = Math.max(0, position - end);
    yield { seconds, data: packet.data, paddingNs: Math.round((padding * SECOND_NS) / rate) };
  }
}

/** Samples at 48 kHz in an Opus packet, from its first bytes (RFC 6716, 3.1). */
function opusSamples(packet: Uint8Array): number {
  const config = packet[0] >> 3;
  const milliseconds =
    config < 12 ? [10, 20, 40, 60][config & 3] : config < 16 ? [10, 20][config & 1] : [2.5, 5, 10, 20][config & 3];
  const code = packet[0] & 3;
  const frames = code === 0 ? 1 : code === 3 ? packet[1] & 63 : 2;
  return (frames * milliseconds * OPUS_RATE) / 1000;
}

/** The element of a block. @param ticks its time in the cluster */
export function blockElement(track: number, ticks: number, { data, paddingNs }: SoundBlock): Element {
  const bytes = new Uint8Array(11 + data.length);
  const view = new DataView(bytes.buffer);
  // A number of variable length with eight bytes holds every track.
  view.setUint8(0, 1);
  bytes.set(unsigned(0, track, 7).data, 1);
  view.setInt16(8, ticks);
  const isGroup = paddingNs > 0;
  bytes[10] = isGroup ? 0 : 0x80;
  bytes.set(data, 11);
  if (!isGroup) return { id: ID.SimpleBlock, data: bytes };
  return element(ID.BlockGroup, [{ id: ID.Block, data: bytes }, signed(ID.DiscardPadding, paddingNs)]);
}

function bytesOf(data: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
