import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AudioShape } from '../../src/audio/encode/formats.ts';
import { type SongTags, stemTags } from '../../src/audio/tags/song-tags.ts';
import { writeNiStems } from '../../src/containers/ni-stems.ts';
import { createStemFile, fileSink, type StemFile } from './stem-file.ts';

/** An NI Stems file that is written piece by piece. */
export interface NiStemsFile {
  /** Appends samples of both stems: one array per channel, all of one length. */
  write(vocals: readonly Float32Array[], accompaniment: readonly Float32Array[]): Promise<void>;
  /** Completes the file and gives it its final name. */
  finish(): Promise<void>;
  /** Removes the unfinished file; does nothing after `finish`. */
  discard(): Promise<void>;
}

const SOUNDS = ['mixture', 'vocals', 'accompaniment', 'silence'] as const;

/**
 * Starts an NI Stems file. Each of its sounds is first a file of its own, beside it.
 *
 * @param shape of the stems
 * @param signal ends the writing; what was written is removed
 * @throws ExportError when the encoder does not start or the disk is full
 */
export async function createNiStemsFile(
  path: string,
  shape: AudioShape,
  source: { readonly name: string; readonly tags: SongTags },
  signal: AbortSignal,
): Promise<NiStemsFile> {
  const pathOf = (sound: (typeof SOUNDS)[number]) => `${path}.${sound}`;
  const files = new Map<(typeof SOUNDS)[number], StemFile>();
  const discard = async (): Promise<void> => {
    for (const [sound, file] of files) {
      await file.discard();
      await rm(pathOf(sound), { force: true });
    }
  };
  const write = (sound: (typeof SOUNDS)[number], channels: readonly Float32Array[]) =>
    // Mixxx reads only stereo.
    files.get(sound)?.write(channels.length === 1 ? [channels[0], channels[0]] : channels);
  try {
    for (const sound of SOUNDS) {
      const tags = sound === 'mixture' ? stemTags(source.tags, source.name, '') : {};
      files.set(sound, await createStemFile(pathOf(sound), 'm4a', { ...shape, channels: 2 }, tags));
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    async write(vocals, accompaniment) {
      await write(
        'mixture',
        vocals.map((channel, c) => channel.map((value, i) => value + accompaniment[c][i])),
      );
      await write('vocals', vocals);
      await write('accompaniment', accompaniment);
      await write('silence', [new Float32Array(vocals[0].length)]);
    },
    async finish() {
      try {
        for (const file of files.values()) await file.finish();
        const [mixture, vocals, accompaniment, silence] = await Promise.all(
          SOUNDS.map((sound) => openAsBlob(pathOf(sound))),
        );
        await writeNiStems(await fileSink(path), { mixture, vocals, accompaniment, silence }, signal);
      } finally {
        await discard();
      }
    },
    discard,
  };
}
