/** The position of the song's player, which the timeline follows. Times in seconds. */
export interface Clock {
  readonly position: number;
  readonly duration: number;
  readonly playing: boolean;
}
