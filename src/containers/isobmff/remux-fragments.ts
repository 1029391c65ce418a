import {
  BlobSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MovOutputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
  QTFF,
  StreamTarget,
} from 'mediabunny';
import { ExportError } from '../../core/errors.ts';
import type { SinkWriter } from '../sink-writer.ts';

/** The finest time scale that the writer takes, hertz. */
const MAX_TIMESCALE = 1_000_000;

/** A track that is copied packet by packet. */
interface CopiedTrack {
  /** Time of the next packet, seconds; Infinity: there is none. */
  readonly next: () => number;
  /** Copies the next packet. */
  copy(): Promise<void>;
}

/**
 * Copies the pictures of an MP4 or MOV whose samples are in fragments, with another sound, into a file without
 * fragments. Rotation, colours, names and languages stay; other tracks and chapters are lost: mediabunny reads neither.
 *
 * @param sound an MP4 with one sound track
 */
export async function remuxFragments(
  writer: SinkWriter,
  { video, sound, container }: { readonly video: Blob; readonly sound: Blob; readonly container: 'mp4' | 'mov' },
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  const inputs = [video, sound].map((file) => new Input({ source: new BlobSource(file), formats: [MP4, QTFF] }));
  // The writer appends, except for the size of the samples at the end.
  const write = async (data: Uint8Array, position: number): Promise<void> => {
    if (position === writer.position) await writer.write(data);
    else await writer.patch(data, position);
  };
  const output = new Output({
    format: container === 'mov' ? new MovOutputFormat({ fastStart: false }) : new Mp4OutputFormat({ fastStart: false }),
    target: new StreamTarget(new WritableStream({ write: ({ data, position }) => write(data, position) })),
  });
  try {
    const pictures = await inputs[0].getVideoTracks();
    const oldSound = await inputs[0].getPrimaryAudioTrack();
    const newSound = await inputs[1].getPrimaryAudioTrack();
    if (pictures.length === 0 || !newSound) throw new ExportError('export.video-unreadable');
    const tracks = [
      ...(await Promise.all(pictures.map((track) => copiedPictures(output, track)))),
      await copiedSound(output, newSound, oldSound),
    ];
    const seconds = await newSound.computeDuration();
    await output.start();
    for (;;) {
      signal.throwIfAborted();
      const first = tracks.reduce((a, b) => (b.next() < a.next() ? b : a));
      if (first.next() === Number.POSITIVE_INFINITY) break;
      onProgress(Math.min(1, Math.max(0, first.next() / seconds)));
      await first.copy();
    }
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => undefined);
    throw error;
  } finally {
    for (const input of inputs) input.dispose();
  }
}

async function copiedPictures(output: Output, track: InputVideoTrack): Promise<CopiedTrack> {
  const codec = await track.getCodec();
  const decoderConfig = await track.getDecoderConfig();
  if (!codec || !decoderConfig) throw new ExportError('export.video-unreadable');
  const source = new EncodedVideoPacketSource(codec);
  const ticks = await track.getTimeResolution();
  output.addVideoTrack(source, {
    transformationMatrix: await track.getTransformationMatrix(),
    languageCode: await track.getLanguageCode(),
    name: (await track.getName()) ?? undefined,
    disposition: await track.getDisposition(),
    // Times are written in multiples of this: those of the file itself.
    frameRate: ticks <= MAX_TIMESCALE ? ticks : undefined,
  });
  return await copied(track, (packet) => source.add(packet, { decoderConfig }));
}

async function copiedSound(
  output: Output,
  track: InputAudioTrack,
  replaced: InputAudioTrack | null,
): Promise<CopiedTrack> {
  const codec = await track.getCodec();
  const decoderConfig = await track.getDecoderConfig();
  if (!codec || !decoderConfig) throw new ExportError('export.video-unreadable');
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source, {
    languageCode: await replaced?.getLanguageCode(),
    name: (await replaced?.getName()) ?? undefined,
  });
  return await copied(track, (packet) => source.add(packet, { decoderConfig }));
}

async function copied(
  track: InputVideoTrack | InputAudioTrack,
  add: (packet: NonNullable<Awaited<ReturnType<EncodedPacketSink['getFirstPacket']>>>) => Promise<void>,
): Promise<CopiedTrack> {
  const packets = new EncodedPacketSink(track).packets();
  let ready = await packets.next();
  return {
    next: () => (ready.done ? Number.POSITIVE_INFINITY : ready.value.timestamp),
    async copy() {
      if (ready.done) return;
      await add(ready.value);
      ready = await packets.next();
    },
  };
}
