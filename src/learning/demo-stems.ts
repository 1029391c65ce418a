import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { AudioDecodeError } from '../core/errors.ts';
import { LANGUAGES } from '../i18n/i18n.ts';
import type { LearningContext, LearningSong } from './context.ts';

/** A stem of the demo song: the truth that a separation is measured by. */
export type DemoStem = 'vocals' | 'accompaniment';

/** Whether the song is, by its name, the demo song; its true stems are then in the page's folder. */
export function isDemo({ name }: LearningSong): boolean {
  return Object.values(LANGUAGES).some(({ page }) => page['start.demoName'] === name);
}

/**
 * Loads a true stem of the demo song.
 *
 * @throws AudioDecodeError when it cannot be had
 */
export async function loadDemoStem({ decode }: Pick<LearningContext, 'decode'>, stem: DemoStem): Promise<AudioData> {
  const response = await fetch(`demo/${stem}.mp3`).catch(() => undefined);
  if (!response?.ok) throw new AudioDecodeError('audio.no-demo-stem');
  return await decode(await response.arrayBuffer(), `${stem}.mp3`);
}

/** The true vocals of the open song, where it is the demo song and they fit it; undefined for any other. */
export async function trueVocals(context: LearningContext): Promise<AudioData | undefined> {
  const { original } = context.song.store;
  if (!isDemo(context.song)) return undefined;
  const vocals = await loadDemoStem(context, 'vocals');
  const fits = sampleCount(vocals) === sampleCount(original) && vocals.sampleRate === original.sampleRate;
  return fits ? vocals : undefined;
}
