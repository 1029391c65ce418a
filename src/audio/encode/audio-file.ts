import {
  type AudioCodec,
  AudioSample,
  AudioSampleSource,
  type AudioSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  FlacOutputFormat,
  type MetadataTags,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  StreamTarget,
  WavOutputFormat,
} from 'mediabunny';
import { ExportError, messageOf } from '../../core/errors.ts';
import { createResampler, outputLength, type Resampler } from '../resample.ts';
import { type ByteSink, writeFault } from './byte-sink.ts';
import { encodeSamples, toInteger, type WavFormat } from './encode-wav.ts';
import { type AudioShape, bitrateOf, type ExportFormat, encodedRate } from './formats.ts';
import { crc16, type InfoFrame, infoFrame, isInfoFrame } from './info-frame.ts';
import { createPacketEncoder, type LossyCodec, type PacketMeta } from './packets.ts';
import { fitsInfoChunk } from './tags.ts';

/** A file of sound that is written piece by piece. After an error only `cancel` may be called. */
export interface AudioFile {
  /** Appends samples: one array per channel, all of one length; shared memory is allowed. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Ends the file and makes it last. */
  finish(): Promise<void>;
  /** Takes away what was written so far. */
  cancel(): Promise<void>;
}

/** One way of filling a container with sound. */
interface Track {
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Before the container is closed. */
  end(): Promise<void>;
  /** After that: bytes that could only now be known. */
  amend(length: number): Promise<void>;
  cancel(): Promise<void>;
}

/** Samples of a channel that are encoded in one go. */
const SLICE = 1 << 14;

/** Bytes that go to the sink together. */
const CHUNK_BYTES = 1 << 22;

const WAV: Partial<Record<ExportFormat, { readonly codec: AudioCodec; readonly format: WavFormat }>> = {
  wav16: { codec: 'pcm-s16', format: '16' },
  wav24: { codec: 'pcm-s24', format: '24' },
  wav32f: { codec: 'pcm-f32', format: '32f' },
};

/** Samples that FFmpeg's AAC encoder puts in front, one frame. */
const AAC_PRIMING = 1024;

/**
 * Begins a file. Lossless formats decode to the samples given (integers as `encodeSamples` rounds them, FLAC to 24
 * bits); lossy ones decode to as many samples, in step with the stem: the encoder's delay and padding are noted in
 * the file (MP3: Info tag, M4A: edit list, Opus: pre-skip and last granule position).
 *
 * @param shape what will be written: `samples` must be kept
 * @throws ExportError when the encoder does not start, or the sink fails
 */
export async function createAudioFile(
  sink: ByteSink,
  format: ExportFormat,
  shape: AudioShape,
  tags: MetadataTags,
): Promise<AudioFile> {
  let fault: ExportError | undefined;
  let length = 0;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw fault ?? (cause instanceof ExportError ? cause : encoderFault(cause));
    }
  };
  const write: ByteSink['write'] = async (data, position) => {
    length = Math.max(length, position + data.length);
    try {
      await sink.write(data, position);
    } catch (cause) {
      fault ??= writeFault(cause);
      throw fault;
    }
  };
  const target = new StreamTarget(new WritableStream({ write: ({ data, position }) => write(data, position) }), {
    chunked: true,
    chunkSize: CHUNK_BYTES,
  });
  const { container, source, track } = await guarded(() => openTrack(format, shape, tags, write));
  const output = new Output({ format: container, target });
  output.addAudioTrack(source);
  if (Object.keys(tags).length > 0) output.setMetadataTags(tags);
  await guarded(() => output.start());
  return {
    write: (channels) =>
      guarded(async () => {
        for (let start = 0; start < channels[0].length; start += SLICE) {
          await track.write(channels.map((channel) => channel.subarray(start, start + SLICE)));
        }
      }),
    finish: () =>
      guarded(async () => {
        await track.end();
        await output.finalize();
        await track.amend(length);
        await sink.close().catch((cause: unknown) => {
          throw writeFault(cause);
        });
      }),
    async cancel() {
      // What is torn down may fail in its own way: nobody waits for it any more.
      await track.cancel().catch(() => undefined);
      await output.cancel().catch(() => undefined);
      await sink.abort();
    },
  };
}

function encoderFault(cause: unknown): ExportError {
  return new ExportError('export.encoder', { detail: messageOf(cause) }, { cause });
}

interface OpenTrack {
  readonly container: OutputFormat;
  readonly source: AudioSource;
  readonly track: Track;
}

async function openTrack(
  format: ExportFormat,
  shape: AudioShape,
  tags: MetadataTags,
  write: ByteSink['write'],
): Promise<OpenTrack> {
  const wav = WAV[format];
  if (wav) return wavTrack(wav.codec, wav.format, shape, tags, write);
  if (format === 'flac') return await flacTrack(shape);
  return await lossyTrack(format, shape, write);
}

function wavTrack(
  codec: AudioCodec,
  format: WavFormat,
  { sampleRate, channels: numberOfChannels, samples }: AudioShape,
  tags: MetadataTags,
  write: ByteSink['write'],
): OpenTrack {
  const bytes = samples * numberOfChannels * (format === '16' ? 2 : format === '24' ? 3 : 4);
  const container = new WavOutputFormat({
    // RF64 (EBU Tech 3306) where 4 GiB are not enough.
    large: bytes > 0xffffffff - (1 << 24),
    metadataFormat: fitsInfoChunk(tags) ? 'info' : 'id3',
  });
  const source = new EncodedAudioPacketSource(codec);
  const meta: PacketMeta = { decoderConfig: { codec, numberOfChannels, sampleRate } };
  let given = 0;
  const track: Track = {
    async write(channels) {
      const count = channels[0].length;
      const data = encodeSamples(channels, 0, count, format);
      await source.add(new EncodedPacket(data, 'key', given / sampleRate, count / sampleRate), meta);
      given += count;
    },
    async end() {
      // An empty file has a head too.
      if (given === 0) await source.add(new EncodedPacket(new Uint8Array(0), 'key', 0, 0), meta);
    },
    async amend(length) {
      // A chunk of odd length is followed by a zero byte, which the file's own length counts and the chunk's does not.
      if (bytes % 2 === 0) return;
      await write(new Uint8Array(1), length);
      const riffSize = new DataView(new ArrayBuffer(4));
      riffSize.setUint32(0, length - 7, true);
      await write(new Uint8Array(riffSize.buffer), 4);
    },
    cancel: async () => {},
  };
  return { container, source, track };
}

async function flacTrack({ sampleRate }: AudioShape): Promise<OpenTrack> {
  // Never the browser's own encoder: it does not say how many bits it keeps.
  (await import('@mediabunny/flac-encoder')).registerFlacEncoder();
  const source = new AudioSampleSource({ codec: 'flac' });
  let given = 0;
  const track: Track = {
    async write(channels) {
      const count = channels[0].length;
      const data = new Int32Array(count * channels.length);
      channels.forEach((channel, c) => {
        // 24 bits at the top of 32: what the encoder takes.
        for (let i = 0, at = c; i < count; i++, at += channels.length) data[at] = toInteger(channel[i], 0x800000) << 8;
      });
      const timestamp = given / sampleRate;
      const sample = new AudioSample({ data, format: 's32', numberOfChannels: channels.length, sampleRate, timestamp });
      given += count;
      await source.add(sample);
      sample.close();
    },
    end: async () => {},
    amend: async () => {},
    cancel: async () => {},
  };
  return { container: new FlacOutputFormat(), source, track };
}

const LOSSY: Partial<Record<ExportFormat, { readonly codec: LossyCodec; readonly container: () => OutputFormat }>> = {
  mp3: { codec: 'mp3', container: () => new Mp3OutputFormat({ xingHeader: false }) },
  opus: { codec: 'opus', container: () => new OggOutputFormat() },
  // Not 'in-memory', which would keep a long song.
  m4a: { codec: 'aac', container: () => new Mp4OutputFormat({ fastStart: false }) },
};

async function lossyTrack(format: ExportFormat, shape: AudioShape, write: ByteSink['write']): Promise<OpenTrack> {
  const kind = LOSSY[format];
  if (!kind) throw new Error(`${format} is not a lossy format.`);
  const rate = encodedRate(format, shape.sampleRate);
  const samples = outputLength(shape.samples, shape.sampleRate, rate);
  const bitrate = bitrateOf(format, shape.channels);
  const source = new EncodedAudioPacketSource(kind.codec);
  const mux = packetMuxer(kind.codec, source, { rate, samples, bitrate });
  const encoder = await createPacketEncoder(kind.codec, rate, bitrate, mux.add);
  const resamplers: Resampler[] = [];
  for (let c = 0; c < shape.channels; c++) resamplers.push(await createResampler(shape.sampleRate, rate));
  const encode = async (channels: readonly Float32Array[]): Promise<void> => {
    if (channels[0].length > 0) await encoder.add(channels);
  };
  const track: Track = {
    write: (channels) => encode(channels.map((channel, c) => resamplers[c].process(channel))),
    async end() {
      await encode(resamplers.map((resampler) => resampler.finish()));
      for (const resampler of resamplers) resampler.dispose();
      // Pushes the last samples out of an encoder that looks ahead; what this adds is cut off again.
      if (kind.codec === 'opus') await encode(resamplers.map(() => new Float32Array(rate / 50)));
      await encoder.finish();
    },
    async amend(length) {
      const info = mux.info();
      if (info) await write(infoFrame(info), length - info.bytes - infoFrame(info).length);
    },
    async cancel() {
      for (const resampler of resamplers) resampler.dispose();
      await encoder.cancel();
    },
  };
  return { container: kind.container(), source, track };
}

/** Gives packets to a container, with the times that make a decoder return the samples that were encoded. */
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
      const count = Math.round(packet.duration * rate);
      await source.add(packet.clone({ timestamp: start / rate, duration: Math.min(count, end - start) / rate }), meta);
      start += count;
    },
    /** What the first frame of an MP3 file tells, once all packets are there. */
    info: () => info,
  };
}

/** Samples at 48 kHz that a decoder drops first (RFC 7845, section 5.1). */
function preSkip(meta: PacketMeta): number {
  const description = meta?.decoderConfig?.description;
  if (!description) return 0;
  const view = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  return view.getUint16(10, true);
}
