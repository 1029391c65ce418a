import { Emitter } from '../../core/emitter.ts';
import type { MaskSize } from '../../dsp/mask-paint.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';

export type SavedStem = 'vocals' | 'accompaniment';

export interface MaskFilesOptions {
  readonly edit: MaskEdit;
  /** Whether the whole song is separated. */
  readonly complete: () => boolean;
  /** Encodes a stem; undefined: the person cancelled. */
  readonly encode: (stem: SavedStem) => Promise<{ readonly file: Blob; readonly name: string } | undefined>;
  /** @param cells frames × bins, 65535 being 1 */
  readonly toPng: (cells: Uint16Array, size: MaskSize) => Promise<Uint8Array<ArrayBuffer>>;
  readonly fromPng: (png: Uint8Array, size: MaskSize) => Promise<Uint16Array>;
  readonly maskName: string;
  /** Lets the browser save a file. */
  readonly save: (file: Blob, name: string) => void;
  readonly onError: (error: unknown) => void;
}

export type MaskFilesStatus =
  | { readonly kind: 'idle' | 'saving' | 'notComplete' }
  | { readonly kind: 'saved' | 'loaded'; readonly name: string };

/** Saves the stems and the mask, and loads a mask, one at a time. */
export class MaskFilesState extends Emitter<{ changed: [] }> {
  readonly #options: MaskFilesOptions;
  #status: MaskFilesStatus = { kind: 'idle' };
  #busy = false;

  constructor(options: MaskFilesOptions) {
    super();
    this.#options = options;
  }

  get status(): MaskFilesStatus {
    return this.#status;
  }

  async saveStem(stem: SavedStem): Promise<void> {
    await this.#once(async ({ complete, encode, save }) => {
      if (!complete()) return this.#become({ kind: 'notComplete' });
      this.#become({ kind: 'saving' });
      const made = await encode(stem);
      if (!made) return this.#become({ kind: 'idle' });
      save(made.file, made.name);
      this.#become({ kind: 'saved', name: made.name });
    });
  }

  async saveMask(): Promise<void> {
    await this.#once(async ({ edit, toPng, save, maskName: name }) => {
      const { frames, bins } = edit.size;
      const cells = new Uint16Array(frames * bins);
      for (let frame = 0; frame < frames; frame++) cells.set(edit.row(frame), frame * bins);
      save(new Blob([await toPng(cells, { frames, bins })], { type: 'image/png' }), name);
      this.#become({ kind: 'saved', name });
    });
  }

  async loadMask(file: Pick<File, 'name' | 'arrayBuffer'>): Promise<void> {
    await this.#once(async ({ edit, fromPng }) => {
      const { frames, bins } = edit.size;
      edit.load(await fromPng(new Uint8Array(await file.arrayBuffer()), { frames, bins }));
      this.#become({ kind: 'loaded', name: file.name });
    });
  }

  async #once(work: (options: MaskFilesOptions) => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await work(this.#options);
    } catch (error) {
      this.#become({ kind: 'idle' });
      this.#options.onError(error);
    } finally {
      this.#busy = false;
    }
  }

  #become(status: MaskFilesStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
