import { createAudioFile } from '../../audio/export/audio-file.ts';
import type { ByteSink } from '../../audio/export/byte-sink.ts';
import { safeFileName } from '../../audio/export/file-names.ts';
import { FORMATS } from '../../audio/export/formats.ts';
import { type SongTags, stemTags } from '../../audio/export/tags.ts';
import { createZip } from '../../audio/export/zip.ts';
import { mixLabel, mixLength } from './mix-settings.ts';
import { type ExportOrder, STEM_LABELS } from './order.ts';
import { type Pieces, renderMix, renderStem } from './render.ts';
import type { SongSource } from './song-source.ts';

/** A file that is there only until it was put into the ZIP. */
export interface TemporaryFile extends ByteSink {
  /** What was written, once it is closed. */
  content(): AsyncIterable<Uint8Array>;
  /** Gives its room back. */
  discard(): Promise<void>;
}

/** What an export works with. */
export interface ExportSetting {
  readonly source: SongSource;
  /** The song's own tags. */
  readonly tags: SongTags;
  /** Where the file goes. */
  readonly sink: ByteSink;
  /** Makes a file for a stem on its way into a ZIP. */
  readonly temporary: () => Promise<TemporaryFile>;
  readonly signal: AbortSignal;
  /** Receives the finished part, 0 to 1, after each piece. */
  readonly onProgress?: (part: number) => void;
}

/** What was done. */
export interface ExportResult {
  /** Linear gain that all of it was multiplied with, so that nothing is cut off; 1: as it is. */
  readonly gain: number;
  /** Largest absolute sample before that; undefined where it did not matter. */
  readonly peak: number | undefined;
}

/** The largest value that an integer format holds, about: 1 − 2⁻¹⁵. */
const CEILING = 32767 / 32768;

/** Part of the time that looking for the largest sample takes, about. */
const PEAK_PART = 0.15;

/**
 * Makes one file: renders, measures, encodes, writes. Where a sample is over full scale and the format would cut it
 * off, all is made quieter by one gain: for a stem, that of the louder of both, so that stems saved one after the
 * other still add up to the song at that level. Floating point is written as it is.
 *
 * @throws ExportError when the encoder or the sink fails; the signal's reason. The sink is aborted then.
 */
export async function runExport(order: ExportOrder, setting: ExportSetting): Promise<ExportResult> {
  try {
    return await makeFile(order, setting);
  } catch (error) {
    await setting.sink.abort().catch(() => undefined);
    throw error;
  }
}

async function makeFile(order: ExportOrder, setting: ExportSetting): Promise<ExportResult> {
  const { source, tags, sink, signal, temporary } = setting;
  const { kind, format, name, mix } = order;
  const facts = FORMATS[format];
  const peakPart = facts.clips ? PEAK_PART : 0;
  const tell = (part: number) => setting.onProgress?.(Math.min(1, part));

  const render = (what: 'vocals' | 'accompaniment' | 'mix') =>
    what === 'mix' ? renderMix(source, mix) : renderStem(source, what);
  const samplesOf = (what: string) => (what === 'mix' ? mixLength(mix, source.samples) : source.samples);
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

  let peak: number | undefined;
  if (facts.clips) {
    const heard = kind === 'mix' ? (['mix'] as const) : (['vocals', 'accompaniment'] as const);
    for (const [index, what] of heard.entries()) {
      const onPart = (part: number) => tell((peakPart * (index + part)) / heard.length);
      await steps(
        render(what),
        samplesOf(what),
        (piece) => {
          peak = Math.max(peak ?? 0, peakOf(piece));
        },
        onPart,
      );
    }
  }
  const gain = peak !== undefined && peak > 1 ? CEILING / peak : 1;

  const encode = async (what: 'vocals' | 'accompaniment' | 'mix', to: ByteSink, onPart: (part: number) => void) => {
    const { sampleRate, channels } = source;
    const shape = { sampleRate, channels, samples: samplesOf(what) };
    const label = what === 'mix' ? mixLabel(mix) : STEM_LABELS[what];
    const file = await createAudioFile(to, format, shape, stemTags(tags, name, label));
    try {
      const write = (piece: readonly Float32Array[]) =>
        file.write(gain === 1 ? piece : piece.map((channel) => channel.map((value) => gain * value)));
      await steps(render(what), shape.samples, write, onPart);
      await file.finish();
    } catch (error) {
      await file.cancel();
      throw error;
    }
  };

  if (kind !== 'both') {
    await encode(kind, sink, (part) => tell(peakPart + (1 - peakPart) * part));
    return { gain, peak };
  }
  const zip = createZip(sink, new Date());
  for (const [index, stem] of (['vocals', 'accompaniment'] as const).entries()) {
    const file = await temporary();
    try {
      await encode(stem, file, (part) => tell(peakPart + (1 - peakPart) * ((index + 0.95 * part) / 2)));
      const entry = safeFileName(name, ` (${STEM_LABELS[stem]})`, facts.extension);
      await zip.add(entry, abortable(file.content(), signal));
    } finally {
      await file.discard();
    }
  }
  await zip.finish();
  tell(1);
  return { gain, peak };
}

type StepWork = (piece: readonly Float32Array[]) => void | Promise<void>;

async function* abortable(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    signal.throwIfAborted();
    yield piece;
  }
}

function peakOf(channels: readonly Float32Array[]): number {
  let peak = 0;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      const value = Math.abs(channel[i]);
      if (value > peak) peak = value;
    }
  }
  return peak;
}
