import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { AudioDecodeError } from '../core/errors.ts';
import { isDemoName } from '../i18n/demo-name.ts';
import type { LearningContext, LearningSong } from './context.ts';

/** A true stem of the demo song: what a separation is measured against. */
export type DemoStem = 'vocals' | 'accompaniment';

/** Whether the song is the demo song, by its file's name. The page's folder then holds its true stems. */
export function isDemo({ baseName }: Pick<LearningSong, 'baseName'>): boolean {
  return isDemoName(baseName);
}

/**
 * Loads a true stem of the demo song.
 *
 * @throws AudioDecodeError when it cannot be loaded
 */
export async function loadDemoStem({ decode }: Pick<LearningContext, 'decode'>, stem: DemoStem): Promise<AudioData> {
  const response = await fetch(`demo/${stem}.mp3`).catch(() => undefined);
  if (!response?.ok) throw new AudioDecodeError('audio.no-demo-stem');
  return await decode(await response.blob(), `${stem}.mp3`);
}

/** The true vocals of the open song if it is the demo song and they have its length and rate; else undefined. */
export async function trueVocals(context: LearningContext): Promise<AudioData | undefined> {
  const { samples, sampleRate } = context.song.store;
  if (!isDemo(context.song)) return undefined;
  const vocals = await loadDemoStem(context, 'vocals');
  const fits = sampleCount(vocals) === samples && vocals.sampleRate === sampleRate;
  return fits ? vocals : undefined;
}
