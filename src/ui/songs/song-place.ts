import type { StemLevels } from '../../player/mix-state.ts';
import type { PracticeState } from '../../player/practice.ts';
import type { TimelinePlace } from '../timeline/timeline.ts';

/** What is heard and seen of a song, apart from the position: to go on in the view of another result. */
export interface SongPlace {
  readonly levels: StemLevels;
  readonly practice: PracticeState;
  /** Linear, 0 to 1. */
  readonly volume: number;
  readonly timeline: TimelinePlace;
}
