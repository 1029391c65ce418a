import type { MixerReport } from './mixer-messages.ts';

/**
 * Where the song is heard now, in samples. The worklet runs ahead of the ear by the output's latency: a report says
 * which sample left it at which time of the audio context, `heardTime` is the time of the audio context that comes out
 * of the loudspeaker now, and the difference tells what is heard. Never before `floor` (the place of the last seek or
 * start: what came before that is another place of the song), never beyond the report's own forecast or the song.
 */
export function heardPosition(
  report: Pick<MixerReport, 'position' | 'contextTime' | 'playing' | 'holding'>,
  heardTime: number,
  songRate: number,
  totalSamples: number,
  floor: number,
): number {
  if (!report.playing || report.holding) return Math.min(report.position, totalSamples);
  const forecast = report.position + (heardTime - report.contextTime) * songRate;
  return Math.min(Math.max(forecast, Math.min(floor, report.position)), totalSamples);
}

/**
 * Time of the audio context that is heard now, seconds: from the output's own timestamp where the browser has one,
 * else the context's time less its stated latency.
 */
export function heardContextTime(context: AudioContext, now: number): number {
  const stamp = context.getOutputTimestamp?.();
  if (stamp?.contextTime && stamp.performanceTime) {
    return stamp.contextTime + (now - stamp.performanceTime) / 1000;
  }
  return context.currentTime - (context.outputLatency || context.baseLatency || 0);
}
