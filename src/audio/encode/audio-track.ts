import {
  type AudioCodec,
  AudioSample,
  AudioSampleSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  FlacOutputFormat,
  WavOutputFormat,
} from 'mediabunny';
import type { SongTags } from '../tags/song-tags.ts';
import type { ByteSink } from './byte-sink.ts';
import { encodeSamples, toInteger, type WavFormat } from './encode-wav.ts';
import type { AudioShape, ExportFormat } from './formats.ts';
import { lossyTrack } from './lossy-track.ts';
import { mp4Items } from './mp4-items.ts';
import type { PacketMeta } from './packets.ts';
import type { OpenTrack, Track } from './track.ts';
import { fitsInfoChunk } from './written-tags.ts';

interface WavKind {
  readonly codec: AudioCodec;
  readonly format: WavFormat;
}

const WAV: Partial<Record<ExportFormat, WavKind>> = {
  wav16: { codec: 'pcm-s16', format: '16' },
  wav24: { codec: 'pcm-s24', format: '24' },
  wav32f: { codec: 'pcm-f32', format: '32f' },
};

/** Where RF64 states the length of the file: in its chunk “ds64”. */
const RF64_SIZE_POSITION = 20;

/**
 * Opens the track of a format.
 *
 * @param write writes bytes into the file after the container was closed
 */
export async function openTrack(
  format: ExportFormat,
  shape: AudioShape,
  tags: SongTags,
  write: ByteSink['write'],
): Promise<OpenTrack> {
  const wav = WAV[format];
  if (wav) return wavTrack(wav, shape, tags, write);
  if (format === 'flac') return await flacTrack(shape);
  return await lossyTrack(format, shape, write, mp4Items(tags));
}

function wavTrack(
  { codec, format }: WavKind,
  { sampleRate, channels: numberOfChannels, samples }: AudioShape,
  tags: SongTags,
  write: ByteSink['write'],
): OpenTrack {
  const bytes = samples * numberOfChannels * (format === '16' ? 2 : format === '24' ? 3 : 4);
  const isLarge = bytes + (tags.cover?.data.length ?? 0) > 0xffffffff - (1 << 24);
  const container = new WavOutputFormat({
    // RF64 (EBU Tech 3306) if 4 GiB are not enough.
    large: isLarge,
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
      // An empty file has a header, too.
      if (given === 0) await source.add(new EncodedPacket(new Uint8Array(0), 'key', 0, 0), meta);
    },
    async amend(length) {
      // A zero byte follows a chunk of odd length; the length of the file counts it, that of the chunk does not.
      if (bytes % 2 === 0) return;
      await write(new Uint8Array(1), length);
      const size = new DataView(new ArrayBuffer(8));
      size.setBigUint64(0, BigInt(length - 7), true);
      const sizeBytes = new Uint8Array(size.buffer);
      if (isLarge) await write(sizeBytes, RF64_SIZE_POSITION);
      else await write(sizeBytes.subarray(0, 4), 4);
    },
    cancel: async () => {},
  };
  return { container, source, track };
}

async function flacTrack({ sampleRate }: AudioShape): Promise<OpenTrack> {
  // Not the browser's own encoder: it does not say how many bits it keeps.
  (await import('@mediabunny/flac-encoder')).registerFlacEncoder();
  const source = new AudioSampleSource({ codec: 'flac' });
  let given = 0;
  const track: Track = {
    async write(channels) {
      const count = channels[0].length;
      const data = new Int32Array(count * channels.length);
      channels.forEach((channel, c) => {
        // The encoder takes 24 bits at the top of 32.
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
