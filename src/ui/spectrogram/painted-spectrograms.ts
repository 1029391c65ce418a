import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';

/** Updates the spectrograms when a person paints on the mask: once a frame, with the columns that changed. */
export class PaintedSpectrograms {
  readonly #edit: MaskEdit;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  /** @param write Called with the new columns. */
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

  /** The frames that changed since the last call and are already separated, as ranges. */
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
