import type { ByteSink } from '../../audio/encode/byte-sink.ts';
import type { AudioShape } from '../../audio/encode/formats.ts';
import type { VideoTarget } from '../../containers/file-types.ts';
import { writeNiStems } from '../../containers/ni-stems.ts';
import { replaceSound } from '../../containers/replace-sound.ts';

/** A sound that is encoded before its packets are copied into another file. */
interface EncodedFile extends ByteSink {
  blob(type: string): Promise<Blob>;
  discard(): Promise<void>;
}

/** What files that are made of other files work with. */
export interface CopySetting<Sound> {
  /** Where the file goes. */
  readonly sink: ByteSink;
  /** Creates a file for an encoded sound. */
  readonly temporary: () => Promise<EncodedFile>;
  /** Encodes a sound and closes its file. @param onPart receives 0 to 1 */
  readonly encode: (sound: Sound, to: ByteSink, onPart: (part: number) => void) => Promise<void>;
  readonly signal: AbortSignal;
  /** Receives 0 to 1. */
  readonly onPart: (part: number) => void;
}

/** Approximate fraction of the time that encoding takes; the rest is copying. */
const ENCODE_PART = 0.9;

/** Saves a video with another sound. @param shape of the sound */
export async function saveVideo<Sound>(
  sound: Sound,
  video: {
    readonly file: Blob;
    readonly target: VideoTarget & { readonly track?: number };
    readonly shape: AudioShape;
  },
  { sink, temporary, encode, signal, onPart }: CopySetting<Sound>,
): Promise<void> {
  const file = await temporary();
  try {
    await encode(sound, file, (part) => onPart(ENCODE_PART * part));
    const options = { video: video.file, sound: await file.blob(''), shape: video.shape, ...video.target };
    await replaceSound(sink, options, signal, (part) => onPart(ENCODE_PART + (1 - ENCODE_PART) * part));
  } finally {
    await file.discard();
  }
}

const STEM_SOUNDS = ['mixture', 'vocals', 'accompaniment', 'silence'] as const;

/** Saves mixture and stems as one NI Stems file. */
export async function saveNiStems({
  sink,
  temporary,
  encode,
  signal,
  onPart,
}: CopySetting<(typeof STEM_SOUNDS)[number]>): Promise<void> {
  const files: EncodedFile[] = [];
  try {
    for (const [index, sound] of STEM_SOUNDS.entries()) {
      const file = await temporary();
      files.push(file);
      await encode(sound, file, (part) => onPart((ENCODE_PART * (index + part)) / STEM_SOUNDS.length));
    }
    const [mixture, vocals, accompaniment, silence] = await Promise.all(files.map((file) => file.blob('')));
    const sounds = { mixture, vocals, accompaniment, silence };
    await writeNiStems(sink, sounds, signal, (part) => onPart(ENCODE_PART + (1 - ENCODE_PART) * part));
  } finally {
    for (const file of files) await file.discard();
  }
}
