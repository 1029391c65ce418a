import type { AudioShape, ExportFormat } from '../audio/encode/formats.ts';
import { megabytes } from '../core/format.ts';
import { message } from '../core/message.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { BatchExportClient } from '../player/export/batch-export-client.ts';
import type { ExportSong } from '../player/export/export-client.ts';
import type { BatchOutcome } from '../player/export/export-engine.ts';
import { type BatchOrder, batchBytes, batchFileName } from '../player/export/run-batch-export.ts';
import { chooseTarget, handOver } from '../ui/player/save-target.ts';
import type { Notices } from '../ui/shell/notices.ts';
import type { BatchExportPanel } from '../ui/songs/batch-export-panel.ts';
import type { SongEntry } from './song-entry.ts';

const MIME_TYPE = 'application/zip';
/** 4 GiB: what a ZIP without ZIP64 can be; see audio/export/zip.ts. */
const MAX_BYTES = 0xffffffff;

/** What saving several songs works with. */
export interface BatchExportOptions {
  readonly panel: BatchExportPanel;
  readonly notices: Notices;
  /** Brings a song into reach. @throws UnsungError where it cannot be read */
  readonly load: (song: SongEntry) => Promise<LoadedForExport>;
}

/** A song, and how it is let go of where it was opened for the album alone. */
export interface LoadedForExport extends ExportSong {
  readonly release?: () => Promise<void>;
}

/** Saves the stems of the songs that are chosen in the list as one ZIP, and says how it went. */
export class BatchExport {
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: BatchExportOptions;
  readonly #client = new BatchExportClient();
  #busy = false;
  #release: LoadedForExport['release'];

  constructor(scope: Scope, i18n: I18n, options: BatchExportOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    scope.add(() => this.#client.dispose());
  }

  /** Saves songs that are separated. Call it from a click. Never rejects. */
  async save(songs: readonly { readonly song: SongEntry; readonly shape: AudioShape }[], format: ExportFormat) {
    if (this.#busy || songs.length === 0) return;
    const { panel, notices } = this.#options;
    const order: BatchOrder = { format, songs: songs.map(({ song, shape }) => ({ ...shape, name: song.name })) };
    const bytes = batchBytes(order);
    if (bytes > MAX_BYTES) {
      this.#tell(order, { kind: 'failed', error: message('export.songs-too-large') });
      return;
    }
    this.#busy = true;
    try {
      const target = await chooseTarget(batchFileName(songs.length), MIME_TYPE, bytes);
      panel.working(0);
      const open = (index: number) => this.#open(songs[index].song, index, songs.length);
      const outcome = await this.#client.run(order, open, target, (part) => {
        if (this.#busy) panel.working(part);
      });
      if (outcome.kind === 'done' && outcome.file) handOver(this.#scope, outcome.file, batchFileName(songs.length));
      this.#tell(order, outcome);
    } catch (error) {
      // The person closed the dialogue: nothing was asked for.
      if ((error as Error).name !== 'AbortError') notices.thrown(error);
    } finally {
      this.#busy = false;
      await this.#letGo();
      if (!this.#scope.disposed) panel.working(undefined);
    }
  }

  /** Ends the saving; what was written is taken away. */
  cancel(): void {
    void this.#client.cancel();
  }

  async #open(song: SongEntry, index: number, count: number): Promise<ExportSong | undefined> {
    this.#options.panel.say(() => this.#i18n.t('album.working', { name: song.name, place: index + 1, count }));
    await this.#letGo();
    try {
      const loaded = await this.#options.load(song);
      this.#release = loaded.release;
      return loaded;
    } catch {
      // It was removed meanwhile, or is damaged: it is named in the end.
      return undefined;
    }
  }

  async #letGo(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }

  #tell({ songs }: BatchOrder, outcome: BatchOutcome): void {
    if (this.#scope.disposed) return;
    const { panel, notices } = this.#options;
    const t = this.#i18n.t.bind(this.#i18n);
    if (outcome.kind === 'cancelled') {
      panel.say(() => t('save.cancelled'));
      return;
    }
    if (outcome.kind === 'failed') {
      panel.say(() => t('save.failed'));
      const { code } = outcome.error;
      const error = code === 'export.zip-too-large' ? message('export.songs-too-large') : outcome.error;
      notices.thrown(error, () => t('save.songKept'));
      return;
    }
    const { saved, quieter, bytes } = outcome;
    const namesOf = (places: readonly number[]) =>
      new Intl.ListFormat(this.#i18n.language).format(
        places.map((place) => t('album.named', { name: songs[place].name })),
      );
    const missing = songs.map((_, place) => place).filter((place) => !saved.includes(place));
    panel.say(() =>
      [
        t('album.done', { name: batchFileName(songs.length), size: megabytes(bytes), count: saved.length }),
        missing.length > 0 ? t('album.unreadable', { names: namesOf(missing) }) : '',
        quieter.length > 0 ? t('album.quieter', { names: namesOf(quieter) }) : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    );
  }
}
