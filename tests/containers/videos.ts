import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from 'mediabunny';
import { createAudioFile } from '../../src/audio/encode/audio-file.ts';
import { memorySink } from '../../src/audio/encode/byte-sink.ts';
import type { AudioShape, ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import { type VideoContainer, videoTarget } from '../../src/containers/file-types.ts';
import { replaceSound } from '../../src/containers/replace-sound.ts';
import { videoContainer } from '../../src/containers/video-container.ts';

const FOLDER = new URL('../fixtures/video/', import.meta.url);

/** What FFmpeg reads from a track of a video; made by training/reference/make_video_fixtures.py. */
export interface ReferenceTrack {
  readonly kind: 'video' | 'subtitle' | 'data';
  /** Of the bytes of all packets. */
  readonly md5: string;
  readonly packets: readonly { readonly md5: string; readonly seconds: number }[];
}

export const VIDEOS = ['two-sounds.mp4', 'turned.mov', 'fragments.mp4', 'two-sounds.mkv', 'plain.webm', 'live.webm'];

/** A video of tests/fixtures/video. */
export async function video(name: string): Promise<Blob> {
  return new Blob([await readFile(new URL(name, FOLDER))]);
}

/** The tracks of a video that FFmpeg finds, but for the sounds. */
export async function reference(name: string): Promise<readonly ReferenceTrack[]> {
  const text = await readFile(new URL('packets.json', FOLDER), 'utf8');
  return (JSON.parse(text) as Record<string, readonly ReferenceTrack[]>)[name];
}

/** The sound that videos get here: two seconds of 1 kHz and 1.5 kHz, and one sample that no codec's frame ends with. */
export const SHAPE: AudioShape = { sampleRate: 44_100, channels: 2, samples: 88_201 };

export const SINES = [1000, 1500].map((hertz) =>
  Float32Array.from({ length: SHAPE.samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / SHAPE.sampleRate)),
);

export async function soundFile(
  format: ExportFormat,
  shape = SHAPE,
  channels = SINES,
  tags: SongTags = {},
): Promise<Blob> {
  const sink = memorySink();
  const file = await createAudioFile(sink, format, shape, tags);
  await file.write(channels);
  await file.finish();
  return new Blob(sink.pieces());
}

const encoded = new Map<ExportFormat, Promise<Blob>>();

/** The sines in a format; encoded once. */
export async function sines(format: ExportFormat): Promise<Blob> {
  const made = encoded.get(format) ?? soundFile(format);
  encoded.set(format, made);
  return await made;
}

/** The video with the sines as its sound, and the file of these. */
export async function withSines(name: string, track?: number) {
  const source = await video(name);
  const container = (await videoContainer(source)) as VideoContainer;
  const target = await videoTarget(container, SHAPE);
  const sound = await sines(target.format);
  const sink = memorySink();
  const options = { video: source, sound, shape: SHAPE, track, ...target };
  await replaceSound(sink, options, new AbortController().signal);
  return { source, sound, target, result: new Blob(sink.pieces()) };
}

export interface ReadTrack {
  readonly kind: string;
  readonly codec: string | null;
  readonly language: string;
  readonly packets: readonly { readonly md5: string; readonly seconds: number; readonly duration: number }[];
}

/** The pictures and sounds of a file, read by mediabunny. */
export async function tracksIn(file: Blob): Promise<readonly ReadTrack[]> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const tracks: ReadTrack[] = [];
  for (const track of await input.getTracks()) {
    const packets = [];
    for await (const { data, timestamp, duration } of new EncodedPacketSink(track).packets()) {
      packets.push({ md5: md5(data), seconds: timestamp, duration });
    }
    const language = await track.getLanguageCode();
    tracks.push({ kind: track.type, codec: await track.getCodec(), language, packets });
  }
  input.dispose();
  return tracks;
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

export async function bytesOf(file: Blob): Promise<Buffer> {
  return Buffer.from(await file.arrayBuffer());
}
