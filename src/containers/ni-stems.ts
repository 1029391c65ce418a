import type { ByteSink } from '../audio/encode/byte-sink.ts';
import { ExportError } from '../core/errors.ts';
import { type Box, boxAt, boxBytes, viewOf, withBoxAt } from './isobmff/boxes.ts';
import { withTrack } from './isobmff/headers.ts';
import { readHead, tracksOf } from './isobmff/read-head.ts';
import { writeMovie } from './isobmff/write-movie.ts';
import { SinkWriter } from './sink-writer.ts';

/** The sounds of the file, each an MP4 with one AAC track of two channels, all of one length. */
export interface StemSounds {
  /** The song as it is; its tags become those of the file. */
  readonly mixture: Blob;
  readonly vocals: Blob;
  readonly accompaniment: Blob;
  readonly silence: Blob;
}

/**
 * The four stems after the mixture. Mixxx and Traktor open a file only if it has exactly four, so two are silent.
 * Colours: those of Native Instruments' Stem Creator.
 */
const STEMS = [
  { sound: 'vocals', name: 'Vocals', color: '#56B4E9' },
  { sound: 'accompaniment', name: 'Accompaniment', color: '#009E73' },
  { sound: 'silence', name: 'Silence', color: '#D55E00' },
  { sound: 'silence', name: 'Silence', color: '#CC79A7' },
] as const;

/** Effects that a player applies to the sum of the stems; off, so that it equals the mixture. */
const MASTERING_DSP = {
  compressor: {
    enabled: false,
    ratio: 3,
    output_gain: 0.5,
    release: 0.3,
    attack: 0.003,
    input_gain: 0.5,
    threshold: 0,
    hp_cutoff: 300,
    dry_wet: 50,
  },
  limiter: { enabled: false, release: 0.05, threshold: 0, ceiling: -0.35 },
};

/**
 * Writes an NI Stems file: an MP4 with five sound tracks, and the box `moov/udta/stem` that describes the last four as
 * JSON. Only the mixture is enabled, so other players play just that.
 *
 * @param onProgress receives the finished part, 0 to 1
 * @throws ExportError if the sink fails; the signal's reason. The sink is aborted then.
 */
export async function writeNiStems(
  sink: ByteSink,
  sounds: StemSounds,
  signal: AbortSignal,
  onProgress: (part: number) => void = () => {},
): Promise<void> {
  try {
    const head = await readHead(sounds.mixture);
    const files = new Map<Box, Blob>();
    const tracks: Box[] = [];
    for (const [index, sound] of (['mixture', ...STEMS.map((stem) => stem.sound)] as const).entries()) {
      const found = await readHead(sounds[sound]);
      const trak = found && tracksOf(found)[0];
      if (!trak) throw new ExportError('export.encoder', { detail: sound });
      const placed = withBoxAt(trak, ['tkhd'], (header) => withTrack(header, index + 1, index === 0));
      files.set(placed, sounds[sound]);
      tracks.push(placed);
    }
    if (!head) throw new ExportError('export.encoder', { detail: 'moov' });
    const others = (head.moov.children ?? []).filter(({ type }) => type !== 'trak' && type !== 'udta');
    const described: Box = { type: 'moov', children: [...others, ...tracks, userData(head.moov)] };
    const moov = withBoxAt(described, ['mvhd'], (mvhd) => withNextTrack(mvhd, tracks.length + 1));
    const writer = new SinkWriter(sink);
    await writeMovie(writer, { before: head.before, moov, files }, signal, onProgress);
    await writer.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    throw error;
  }
}

/** The box of the movie's own data: its tags, and the description of the stems. */
function userData(moov: Box): Box {
  const stems = STEMS.map(({ name, color }) => ({ name, color }));
  const json = JSON.stringify({ mastering_dsp: MASTERING_DSP, version: 1, stems });
  const stem = boxBytes({ type: 'stem', data: new TextEncoder().encode(json) });
  const tags = boxAt(moov, 'udta')?.data ?? new Uint8Array(0);
  const data = new Uint8Array(tags.length + stem.length);
  data.set(tags);
  data.set(stem, tags.length);
  return { type: 'udta', data };
}

function withNextTrack(mvhd: Box, next: number): Box {
  const data = (mvhd.data ?? new Uint8Array(0)).slice();
  viewOf(data).setUint32(data.length - 4, next);
  return { type: 'mvhd', data };
}
