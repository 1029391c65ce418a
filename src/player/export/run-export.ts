import { createAudioFile } from '../../audio/encode/audio-file.ts';
import type { ByteSink } from '../../audio/encode/byte-sink.ts';
import { peakOf, stemLevel } from '../../audio/encode/default-format.ts';
import { safeFileName } from '../../audio/encode/file-names.ts';
import { FORMATS } from '../../audio/encode/formats.ts';
import { createZip, type ZipFile } from '../../audio/encode/zip.ts';
import { type SongTags, stemTags } from '../../audio/tags/song-tags.ts';
import { ExportError } from '../../core/errors.ts';
import type { SongSource } from '../../songs/storage/song-source.ts';
import { type CopySetting, saveNiStems, saveVideo } from './copied-files.ts';
import { DIFFERENCE_KIND, type ExportRequest, isVideo, STEM_LABELS, VIDEO_SOUNDS } from './export-request.ts';
import { mixLabel, mixLength, wholeMix } from './mix-settings.ts';
import { type Pieces, type RenderedSound, renderMix, renderStem, stereoSource } from './render-stems.ts';

/** A file that exists only until it is in the ZIP, or in another file. */
export interface TemporaryFile extends ByteSink {
  /** What was written, once it is closed. */
  content(): AsyncIterable<Uint8Array>;
  /** The same as a file; one on disk takes no memory. */
  blob(type: string): Promise<Blob>;
  /** Deletes the file. */
  discard(): Promise<void>;
}

/** What an export works with. */
export interface ExportSetting {
  /** To save the difference of two results: see `differenceSource`. */
  readonly source: SongSource;
  /** The song's own tags. */
  readonly tags: SongTags;
  /** Where the file goes. */
  readonly sink: ByteSink;
  /** The file that the song came from, if it is saved with another sound. */
  readonly video?: Blob;
  /** Creates a temporary file for a stem before it goes into another file. */
  readonly temporary: () => Promise<TemporaryFile>;
  readonly signal: AbortSignal;
  /** Receives the finished part, 0 to 1, after each piece. */
  readonly onProgress?: (part: number) => void;
}

/** What was done. */
export interface ExportResult {
  /** Linear gain that avoids clipping, applied to the whole file; 1: unchanged. */
  readonly gain: number;
  /** Largest absolute sample before the gain; undefined if it was not measured. */
  readonly peak: number | undefined;
}

/** Approximate fraction of the time that measuring the peak takes. */
const PEAK_PART = 0.15;

/**
 * Makes one file: renders, measures, encodes, writes. If a sample exceeds full scale and the format would clip it, one
 * gain makes the whole file quieter. A stem gets the gain of the louder stem, so that stems saved one after the other
 * still add up to the song at that level. Floating point is written unchanged.
 *
 * @throws ExportError when the encoder or the sink fails; the signal's reason. The sink is aborted then.
 */
export async function runExport(request: ExportRequest, setting: ExportSetting): Promise<ExportResult> {
  try {
    return await makeFile(request, setting);
  } catch (error) {
    await setting.sink.abort().catch(() => undefined);
    throw error;
  }
}

async function makeFile(request: ExportRequest, setting: ExportSetting): Promise<ExportResult> {
  const { sink } = setting;
  const tell = (part: number) => setting.onProgress?.(Math.min(1, part));
  const { kind } = request;
  if (kind === 'stems' || isVideo(kind)) return await makeCopy(request, setting, tell);
  if (kind === 'both') {
    const zip = createZip(sink, new Date());
    const result = await addStems(zip, '', request, setting);
    await zip.finish();
    tell(1);
    return result;
  }
  const files = songFiles(request, setting);
  const alone = kind === 'mix' || kind === DIFFERENCE_KIND;
  const measured = await files.measure(alone ? [kind] : ['vocals', 'accompaniment'], tell);
  await files.encode(kind, sink, measured.gain, (part) => tell(files.peakPart + (1 - files.peakPart) * part));
  return measured;
}

/** Makes a file whose sounds are encoded first: NI Stems, or the song's video. */
async function makeCopy(
  request: ExportRequest,
  setting: ExportSetting,
  tell: (part: number) => void,
): Promise<ExportResult> {
  const { kind, video } = request;
  const { sink, temporary, signal } = setting;
  const sound = isVideo(kind) ? VIDEO_SOUNDS[kind] : undefined;
  const source = sound ? setting.source : stereoSource(setting.source);
  const format = video?.format ?? 'm4a';
  const files = songFiles({ ...request, format, mix: wholeMix(request.mix) }, { ...setting, source });
  const stems = ['vocals', 'accompaniment'] as const;
  const measured = await files.measure(sound === 'mix' ? ['mix'] : sound ? stems : ['mixture', ...stems], tell);
  const copy: CopySetting<Sound> = {
    sink,
    temporary,
    encode: (what, to, onPart) => files.encode(what, to, measured.gain, onPart),
    signal,
    onPart: (part) => tell(files.peakPart + (1 - files.peakPart) * part),
  };
  const { sampleRate, channels, samples } = source;
  if (!sound) await saveNiStems(copy);
  else if (video && setting.video) {
    const shape = { sampleRate, channels, samples };
    await saveVideo(sound, { file: setting.video, target: video, shape }, copy);
  } else throw new ExportError('export.video-unreadable');
  return measured;
}

/**
 * Adds both stems of a song to a ZIP, which stays open.
 *
 * @param folder path in the ZIP, with a slash at its end; '': the top level
 * @throws as `runExport`; the ZIP is of no use then
 */
export async function addStems(
  zip: ZipFile,
  folder: string,
  request: Pick<ExportRequest, 'format' | 'name'>,
  setting: Omit<ExportSetting, 'sink'>,
): Promise<ExportResult> {
  const { signal, temporary } = setting;
  const tell = (part: number) => setting.onProgress?.(Math.min(1, part));
  const files = songFiles(request, setting);
  const { peakPart } = files;
  const measured = await files.measure(['vocals', 'accompaniment'], tell);
  for (const [index, stem] of (['vocals', 'accompaniment'] as const).entries()) {
    const file = await temporary();
    try {
      const onPart = (part: number) => tell(peakPart + (1 - peakPart) * ((index + 0.95 * part) / 2));
      await files.encode(stem, file, measured.gain, onPart);
      const { extension } = FORMATS[request.format];
      const entry = safeFileName(request.name, ` (${STEM_LABELS[stem]})`, extension);
      await zip.add(folder + entry, abortable(file.content(), signal));
    } finally {
      await file.discard();
    }
  }
  tell(1);
  return measured;
}

type Sound = 'mix' | RenderedSound;

/** Measures the peak of a song's stems or mix, and encodes them. */
function songFiles(
  { format, name, mix }: Pick<ExportRequest, 'format' | 'name'> & Partial<Pick<ExportRequest, 'mix'>>,
  { source, tags, signal }: Pick<ExportSetting, 'source' | 'tags' | 'signal'>,
) {
  const facts = FORMATS[format];
  const peakPart = facts.clips ? PEAK_PART : 0;
  const mixOf = () => {
    if (!mix) throw new Error('There is no mix.');
    return mix;
  };
  const render = (what: Sound): Pieces => (what === 'mix' ? renderMix(source, mixOf()) : renderStem(source, what));
  const samplesOf = (what: Sound) => (what === 'mix' ? mixLength(mixOf(), source.samples) : source.samples);
  const steps = async (pieces: Pieces, total: number, each: StepWork, onPart: (part: number) => void) => {
    let done = 0;
    for await (const piece of pieces) {
      signal.throwIfAborted();
      await each(piece);
      done += piece[0].length;
      onPart(total > 0 ? done / total : 1);
    }
    signal.throwIfAborted();
  };
  return {
    /** Fraction of the time that measuring takes. */
    peakPart,

    /** @param onPart receives 0 to `peakPart` */
    async measure(heard: readonly Sound[], onPart: (part: number) => void): Promise<ExportResult> {
      if (!facts.clips) return { gain: 1, peak: undefined };
      let peak = 0;
      for (const [index, what] of heard.entries()) {
        const each = (piece: readonly Float32Array[]) => {
          peak = Math.max(peak, peakOf(piece));
        };
        await steps(render(what), samplesOf(what), each, (part) => onPart((peakPart * (index + part)) / heard.length));
      }
      return { gain: stemLevel(format, peak).gain, peak };
    },

    /** @param onPart receives 0 to 1 */
    async encode(what: Sound, to: ByteSink, gain: number, onPart: (part: number) => void): Promise<void> {
      const { sampleRate, channels } = source;
      const shape = { sampleRate, channels, samples: samplesOf(what) };
      const label = what === 'mix' ? mixLabel(mixOf()) : what === 'mixture' ? '' : STEM_LABELS[what];
      const file = await createAudioFile(to, format, shape, stemTags(tags, name, label));
      try {
        const write = (piece: readonly Float32Array[]) =>
          file.write(gain === 1 ? piece : piece.map((channel) => amplify(channel, gain)));
        await steps(render(what), shape.samples, write, onPart);
        await file.finish();
      } catch (error) {
        await file.cancel();
        throw error;
      }
    },
  };
}

type StepWork = (piece: readonly Float32Array[]) => void | Promise<void>;

function amplify(channel: Float32Array, gain: number): Float32Array {
  const louder = channel.slice();
  for (let n = 0; n < louder.length; n++) louder[n] *= gain;
  return louder;
}

async function* abortable(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    signal.throwIfAborted();
    yield piece;
  }
}
