import {
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  type OutputFormat,
} from 'mediabunny';
import { createResampler, outputLength, type Resampler } from '../resample.ts';
import type { ByteSink } from './byte-sink.ts';
import { type AudioShape, bitrateOf, type ExportFormat, encodedRate } from './formats.ts';
import { crc16, type InfoFrame, infoFrame, isInfoFrame } from './info-frame.ts';
import { withItems } from './mp4-items.ts';
import { opusSamples } from './opus-packet.ts';
import { createPacketEncoder, type LossyCodec, type PacketMeta } from './packets.ts';
import type { OpenTrack, Track } from './track.ts';

/** Samples that FFmpeg's AAC encoder adds at the start: one frame. */
const AAC_PRIMING = 1024;

/**
 * Samples of silence at 48 kHz that push the last samples out of an Opus encoder, and are cut off again: the look-ahead,
 * and a frame of 20 ms, as WebKitGTK's encoder drops what does not fill one.
 */
const OPUS_END = 2 * 960;

interface LossyKind {
  readonly codec: LossyCodec;
  /** @param onMoov receives the box of an MP4 file that holds its tags, and its place */
  readonly container: (onMoov: (data: Uint8Array, position: number) => void) => OutputFormat;
}

const LOSSY: Partial<Record<ExportFormat, LossyKind>> = {
  mp3: { codec: 'mp3', container: () => new Mp3OutputFormat({ xingHeader: false }) },
  opus: { codec: 'opus', container: () => new OggOutputFormat() },
  // Not 'in-memory', which would hold a whole long song.
  m4a: { codec: 'aac', container: (onMoov) => new Mp4OutputFormat({ fastStart: false, onMoov }) },
};

/**
 * Opens the track of a lossy format: resamples where the format needs another rate, and encodes packets.
 *
 * @param items tags for M4A, as `mp4Items` makes them
 */
export async function lossyTrack(
  format: ExportFormat,
  shape: AudioShape,
  write: ByteSink['write'],
  items: readonly Uint8Array[],
): Promise<OpenTrack> {
  const kind = LOSSY[format];
  if (!kind) throw new Error(`${format} is not a lossy format.`);
  const rate = encodedRate(format, shape.sampleRate);
  const samples = outputLength(shape.samples, shape.sampleRate, rate);
  const bitrate = bitrateOf(format, shape.channels);
  const source = new EncodedAudioPacketSource(kind.codec);
  const mux = packetMuxer(kind.codec, source, { rate, samples, bitrate });
  const encoder = await createPacketEncoder(kind.codec, rate, bitrate, mux.add);
  const resamplers: Resampler[] = [];
  let moov: { readonly data: Uint8Array; readonly position: number } | undefined;
  for (let c = 0; c < shape.channels; c++) resamplers.push(await createResampler(shape.sampleRate, rate));
  const encode = async (channels: readonly Float32Array[]): Promise<void> => {
    if (channels[0].length > 0) await encoder.add(channels);
  };
  const track: Track = {
    write: (channels) => encode(channels.map((channel, c) => resamplers[c].process(channel))),
    async end() {
      await encode(resamplers.map((resampler) => resampler.finish()));
      for (const resampler of resamplers) resampler.dispose();
      if (kind.codec === 'opus') await encode(resamplers.map(() => new Float32Array(OPUS_END)));
      await encoder.finish();
      mux.requireWhole();
    },
    async amend(length) {
      const info = mux.info();
      if (info) await write(infoFrame(info), length - info.bytes - infoFrame(info).length);
      // The box is the last one of the file, so it can grow.
      const tagged = moov && items.length > 0 ? withItems(moov.data, items) : undefined;
      if (moov && tagged && moov.position + moov.data.length === length) await write(tagged, moov.position);
    },
    async cancel() {
      for (const resampler of resamplers) resampler.dispose();
      await encoder.cancel();
    },
  };
  const container = kind.container((data, position) => {
    moov = { data: data.slice(), position };
  });
  return { container, source, track };
}

/** Passes packets to a container, with time stamps that make a decoder return the encoded samples. */
function packetMuxer(
  codec: LossyCodec,
  source: EncodedAudioPacketSource,
  { rate, samples, bitrate }: { readonly rate: number; readonly samples: number; readonly bitrate: number },
) {
  let start: number | undefined;
  let end = samples;
  let info: InfoFrame | undefined;
  return {
    async add(packet: EncodedPacket, meta: PacketMeta): Promise<void> {
      const { data } = packet;
      if (codec === 'mp3') {
        if (isInfoFrame(data)) return;
        info ??= { firstFrame: data, frames: 0, bytes: 0, samples, bitrate, musicCrc: 0 };
        if (info.frames === 0) await source.add(new EncodedPacket(infoFrame(info), 'key', 0, 0), meta);
        const { frames, bytes, musicCrc } = info;
        info = { ...info, frames: frames + 1, bytes: bytes + data.length, musicCrc: crc16(data, musicCrc) };
        await source.add(packet, meta);
        return;
      }
      if (start === undefined) {
        start = codec === 'aac' ? -AAC_PRIMING : 0;
        if (codec === 'opus') end = preSkip(meta) + samples;
      }
      if (start >= end) return;
      // WebKitGTK’s encoder tells the length of the samples that it was given, not that of the packet.
      const count = codec === 'opus' ? opusSamples(data) : Math.round(packet.duration * rate);
      await source.add(packet.clone({ timestamp: start / rate, duration: Math.min(count, end - start) / rate }), meta);
      start += count;
    },
    /** @throws Error if an Opus encoder has not given all of the sound */
    requireWhole(): void {
      if (codec === 'opus' && (start ?? 0) < end) throw new Error('The encoder gave a part of the sound only.');
    },
    /** The contents of an MP3 file's first frame, once all packets are written. */
    info: () => info,
  };
}

/** Samples at 48 kHz that a decoder drops at the start (RFC 7845, section 5.1). */
function preSkip(meta: PacketMeta): number {
  const description = meta?.decoderConfig?.description;
  if (!description) return 0;
  const view = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  return view.getUint16(10, true);
}
