import { ExportError } from '../../core/errors.ts';
import type { SinkWriter } from '../sink-writer.ts';
import { type Box, boxAt, mapChildren, viewOf, withBoxAt } from './boxes.ts';
import {
  durationOf,
  handlerOf,
  isEnabled,
  rescaledEdits,
  timescaleOf,
  trackIdOf,
  withDuration,
  withLanguageOf,
} from './headers.ts';
import { type MovieHead, readHead, tracksOf } from './read-head.ts';
import { writeMovie } from './write-movie.ts';

/**
 * Copies an MP4 or MOV with another sound. All tracks but the sound stay as they are, byte for byte: picture,
 * subtitles, chapters, timecode; with their edit lists, rotation, colours and flags. The new sound takes the place, the
 * number, the language and the flags of the old one; other sound tracks are left out.
 *
 * @param sound an MP4 with one sound track, which begins at time 0 of the movie
 * @param track which of the sound tracks is replaced, from 1
 */
export async function replaceIsobmffSound(
  writer: SinkWriter,
  head: MovieHead,
  { video, sound, track }: { readonly video: Blob; readonly sound: Blob; readonly track?: number },
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  const soundHead = await readHead(sound);
  const soundTrack = soundHead && tracksOf(soundHead)[0];
  const mvhd = boxAt(head.moov, 'mvhd');
  const sounds = tracksOf(head).filter((trak) => handlerOf(trak) === 'soun');
  const replaced = sounds[(track ?? 0) - 1] ?? sounds.find(isEnabled) ?? sounds[0];
  if (!soundTrack || !mvhd || !replaced) throw new ExportError('export.video-unreadable');
  const soundMovie = boxAt(soundHead.moov, 'mvhd') as Box;
  const placedSound = soundInPlace(replaced, soundTrack, timescaleOf(soundMovie), timescaleOf(mvhd));
  const gone = new Set(sounds.filter((trak) => trak !== replaced).map(trackIdOf));
  const kept = mapChildren(head.moov, (child) => {
    if (child.type !== 'trak') return child;
    if (child === replaced) return placedSound;
    return sounds.includes(child) ? undefined : withoutReferences(child, gone);
  });
  const tracks = tracksOf({ moov: kept });
  const ticks = Math.max(...tracks.map((trak) => durationOf(boxAt(trak, 'tkhd') as Box)));
  const moov = withBoxAt(kept, ['mvhd'], (header) => withDuration(header, ticks));
  const files = new Map(tracks.map((trak) => [trak, trak === placedSound ? sound : video]));
  await writeMovie(writer, { before: head.before, moov, files }, signal, onProgress);
}

/** The track of the sound, with the identity of the one that it replaces. */
function soundInPlace(replaced: Box, sound: Box, from: number, to: number): Box {
  const header = boxAt(sound, 'tkhd') as Box;
  const ticks = Math.ceil((durationOf(header) * to) / from);
  const language = boxAt(replaced, 'mdia', 'mdhd') as Box;
  const edts = boxAt(sound, 'edts');
  const own = [
    ...(edts ? [withBoxAt(edts, ['elst'], (elst) => rescaledEdits(elst, from, to))] : []),
    withBoxAt(boxAt(sound, 'mdia') as Box, ['mdhd'], (mdhd) => withLanguageOf(mdhd, language)),
  ];
  const rest = (replaced.children ?? []).filter(({ type }) => type !== 'edts' && type !== 'mdia');
  return {
    type: 'trak',
    children: rest.flatMap((child) => (child.type === 'tkhd' ? [withDuration(child, ticks), ...own] : [child])),
  };
}

/** A track without references to tracks that are left out. */
function withoutReferences(trak: Box, gone: ReadonlySet<number>): Box {
  if (gone.size === 0) return trak;
  return withBoxAt(trak, ['tref'], (tref) =>
    mapChildren(tref, ({ type, data = new Uint8Array(0) }) => {
      const view = viewOf(data);
      const ids = Array.from({ length: data.length >> 2 }, (_, n) => view.getUint32(4 * n));
      const left = ids.filter((id) => !gone.has(id));
      const bytes = new Uint8Array(4 * left.length);
      for (const [n, id] of left.entries()) viewOf(bytes).setUint32(4 * n, id);
      return left.length > 0 ? { type, data: bytes } : undefined;
    }),
  );
}
