import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';

/** Keeps a song's pictures as its painted mask has them: tells the columns that were painted, once a frame. */
export class PaintedSpectrograms {
  readonly #edit: MaskEdit;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  /** @param write receives columns of frames that are there */
  constructor(scope: Scope, edit: MaskEdit, write: (columns: SpectrogramColumns) => void) {
    this.#edit = edit;
    const tell = oncePerFrame(scope, () => {
      for (const [from, to] of this.#due()) write(edit.over(edit.kept.columns(from, to)));
    });
    scope.add(
      edit.on('changed', (from, to) => {
        this.#from = Math.min(this.#from, from);
        this.#to = Math.max(this.#to, to);
        tell();
      }),
    );
  }

  /** What changed since the last time, without the frames that are not separated yet. */
  #due(): readonly (readonly [from: number, to: number])[] {
    const runs: [number, number][] = [];
    for (let frame = this.#from; frame < this.#to; frame++) {
      if (!this.#edit.kept.has(frame)) continue;
      const last = runs.at(-1);
      if (last?.[1] === frame) last[1]++;
      else runs.push([frame, frame + 1]);
    }
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    return runs;
  }
}
