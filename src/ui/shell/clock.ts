/** What the lanes follow: the song's player, seen as little as they need. */
export interface Clock {
  readonly position: number;
  readonly duration: number;
  readonly playing: boolean;
}
