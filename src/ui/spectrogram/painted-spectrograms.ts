import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';

/** Updates the spectrograms when a person paints on the mask: once a frame, with the columns that changed. */
export class PaintedSpectrograms {
  readonly #storage: SongStorage;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  /** @param write called with the changed columns, as far as they are separated */
  constructor(scope: Scope, storage: SongStorage, edit: MaskEdit, write: (columns: SpectrogramColumns) => void) {
    this.#storage = storage;
    const show = async () => {
      try {
        for (const [from, to] of this.#due()) {
          const columns = await storage.readColumns(from, to);
          if (scope.disposed) return;
          write(edit.over(columns));
          storage.release([columns.mixture, columns.mask]);
        }
      } catch (error) {
        // The song may be closed while its columns are read.
        if (!scope.disposed) throw error;
      }
    };
    const tell = oncePerFrame(scope, () => void show());
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
    const runs = this.#storage.columnRanges
      .map(({ start, end }) => [Math.max(start, this.#from), Math.min(end, this.#to)] as const)
      .filter(([from, to]) => to > from);
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    return runs;
  }
}
