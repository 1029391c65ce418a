import {
  AudioSample,
  AudioSampleSource,
  type EncodedPacket,
  Mp3OutputFormat,
  Mp4OutputFormat,
  NullTarget,
  OggOutputFormat,
  Output,
  Quality,
} from 'mediabunny';

/** The lossy codecs. */
export type LossyCodec = 'mp3' | 'opus' | 'aac';

/** Metadata of a packet, as in WebCodecs: the first one carries the decoder's configuration. */
export type PacketMeta = EncodedAudioChunkMetadata | undefined;

/** Encodes samples to packets. */
export interface PacketEncoder {
  /** Encodes samples: one array per channel, nominal range [-1, 1]. */
  add(channels: readonly Float32Array[]): Promise<void>;
  /** Emits the remaining packets. */
  finish(): Promise<void>;
  /** Ends at once. */
  cancel(): Promise<void>;
}

const FORMATS = {
  mp3: () => new Mp3OutputFormat({ xingHeader: false }),
  opus: () => new OggOutputFormat(),
  aac: () => new Mp4OutputFormat({ fastStart: 'fragmented' }),
} as const;

/**
 * Encodes with mediabunny: its LAME (MP3), its build of FFmpeg's encoder (AAC), or the browser's encoder (Opus). It
 * passes packets on instead of writing them, because the file needs other time stamps than the encoder sets. They come
 * in order; each call waits for the one before.
 *
 * @throws Error if the encoder fails or does not start
 */
export async function createPacketEncoder(
  codec: LossyCodec,
  sampleRate: number,
  bitrate: number,
  onPacket: (packet: EncodedPacket, meta: PacketMeta) => Promise<void>,
): Promise<PacketEncoder> {
  await registerEncoder(codec);
  let given = 0;
  let waiting: { readonly packet: EncodedPacket; readonly meta: PacketMeta }[] = [];
  const handOn = async (): Promise<void> => {
    const ready = waiting;
    waiting = [];
    for (const { packet, meta } of ready) await onPacket(packet, meta);
  };
  const output = new Output({ format: FORMATS[codec](), target: new NullTarget() });
  const source = new AudioSampleSource({
    codec,
    quality: new Quality({ bitrate }),
    onEncodedPacket: (packet, meta) => waiting.push({ packet, meta }),
  });
  output.addAudioTrack(source);
  await output.start();
  return {
    async add(channels) {
      const length = channels[0].length;
      const data = new Float32Array(channels.length * length);
      channels.forEach((channel, index) => {
        data.set(channel, index * length);
      });
      const sample = new AudioSample({
        data,
        format: 'f32-planar',
        numberOfChannels: channels.length,
        sampleRate,
        timestamp: given / sampleRate,
      });
      given += length;
      await source.add(sample);
      sample.close();
      await handOn();
    },
    async finish() {
      await output.finalize();
      await handOn();
    },
    cancel: () => output.cancel(),
  };
}

async function registerEncoder(codec: LossyCodec): Promise<void> {
  if (codec === 'mp3') (await import('@mediabunny/mp3-encoder')).registerMp3Encoder();
  // The browser's own AAC encoder, if there is one, does not state its delay.
  if (codec === 'aac') (await import('@mediabunny/aac-encoder')).registerAacEncoder();
}
