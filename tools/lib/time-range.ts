import { InvalidArgumentError } from 'commander';

/** A part of a song, in seconds from its start. */
export interface TimeRange {
  readonly from: number;
  /** Infinity: the song's end. */
  readonly to: number;
}

/**
 * Reads a time of the command line: seconds (`90`, `90.5`), minutes and seconds (`1:30`), or hours too (`0:01:30`).
 * @returns seconds
 * @throws InvalidArgumentError when the text is no time
 */
export function parseTime(text: string): number {
  const [, hours, minutes, seconds] = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const tooLarge = (minutes !== undefined && Number(seconds) >= 60) || (hours !== undefined && Number(minutes) >= 60);
  if (seconds === undefined || tooLarge) throw new InvalidArgumentError('Give seconds, or minutes:seconds like 1:30.');
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
}
