import { positionAfter, positionBefore } from './loop.ts';
import type { MixerReport } from './mixer-messages.ts';

/** Seconds that an output's timestamp may differ from the context's own time: a Bluetooth link, and then some. */
const PLAUSIBLE_SECONDS = 2;

/**
 * Where the song is heard now, in samples. The worklet runs ahead of the ear by the output's latency: a report says
 * which sample left it at which time of the audio context, `heardTime` is the time of the audio context that comes out
 * of the loudspeaker now, and the difference, at the speed that the song is played at, tells what is heard. A loop is
 * gone round in both directions. Never before `floor` (the place of the last seek or start: what came before that is
 * another place of the song), never beyond the report's own forecast or the song.
 */
export function heardPosition(
  report: Pick<MixerReport, 'position' | 'contextTime' | 'playing' | 'counting' | 'speed' | 'loop' | 'sinceWrap'> &
    Partial<Pick<MixerReport, 'loading'>>,
  heardTime: number,
  songRate: number,
  totalSamples: number,
  floor: number,
): number {
  const { position, loop, sinceWrap } = report;
  if (!report.playing || report.loading || report.counting > 0) return Math.min(position, totalSamples);
  const distance = (heardTime - report.contextTime) * songRate * report.speed;
  if (distance >= 0) return Math.min(positionAfter(position, distance, loop), totalSamples);
  // Since the loop was gone round, no seek can lie between.
  if (loop && sinceWrap < Number.POSITIVE_INFINITY) return positionBefore(position, -distance, sinceWrap, loop);
  return Math.min(Math.max(position + distance, Math.min(floor, position)), totalSamples);
}

/**
 * Time of the audio context that is heard now, seconds: from the output's own timestamp where the browser has one that
 * can be true, else the context's time less its stated latency. Never later than the context's own time, which stands
 * still while the computer sleeps or a call has the loudspeaker.
 */
export function heardContextTime(context: AudioContext, now: number): number {
  const latest = context.currentTime;
  const stamp = context.getOutputTimestamp?.();
  if (stamp?.contextTime && stamp.performanceTime) {
    const heard = stamp.contextTime + (now - stamp.performanceTime) / 1000;
    if (heard > latest - PLAUSIBLE_SECONDS) return Math.min(heard, latest);
  }
  return latest - (context.outputLatency || context.baseLatency || 0);
}
