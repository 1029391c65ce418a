import { positionAfter, positionBefore } from './loop.ts';
import type { MixerReport } from './mixer-messages.ts';

/** Most seconds by which an output's timestamp may differ from the context's time: more than a Bluetooth link needs. */
const PLAUSIBLE_SECONDS = 2;

/**
 * The audible position, in samples. The worklet is ahead of the loudspeaker by the output's latency. A report says
 * which sample left the worklet at which time of the audio context; `heardTime` is the context time that the
 * loudspeaker plays now. Their difference times the playback speed gives the position. Loops are followed in both
 * directions. The result is never before `floor` (the last seek or start) and never beyond the report's own forecast or
 * the end of the song.
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
  // The loop has jumped since, so no seek can lie between.
  if (loop && sinceWrap < Number.POSITIVE_INFINITY) return positionBefore(position, -distance, sinceWrap, loop);
  return Math.min(Math.max(position + distance, Math.min(floor, position)), totalSamples);
}

/**
 * Whether the browser measures when its output is heard.
 *
 * Firefox computes its timestamps from the latency. It asks the sound system for that while it holds a lock that its
 * audio thread needs: with PulseAudio, the page freezes for ever if a block is being rendered at that moment. A context
 * that has just been created has no output to ask for.
 *
 * @param context just created, and the first of the page: a later one may share the output of one that plays
 */
export function measuresOutput(context: AudioContext): boolean {
  // Nothing was heard yet that could have been measured.
  return !context.getOutputTimestamp?.().performanceTime;
}

/**
 * The context time that is audible now, seconds: from the output's timestamp if the browser has a plausible one, else
 * the context's time minus its stated latency. Never later than the context's own time, which stops while the computer
 * sleeps or a call uses the loudspeaker.
 *
 * @param measured of measuresOutput; false: the latency of the output is not subtracted
 */
export function heardContextTime(context: AudioContext, now: number, measured = true): number {
  const latest = context.currentTime;
  if (!measured) return latest - (context.baseLatency || 0);
  const stamp = context.getOutputTimestamp?.();
  if (stamp?.contextTime && stamp.performanceTime) {
    const heard = stamp.contextTime + (now - stamp.performanceTime) / 1000;
    if (heard > latest - PLAUSIBLE_SECONDS) return Math.min(heard, latest);
  }
  return latest - (context.outputLatency || context.baseLatency || 0);
}
