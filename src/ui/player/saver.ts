import type { ExportFormat } from '../../audio/encode/formats.ts';
import { megabytes } from '../../core/format.ts';
import { message } from '../../core/message.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { ExportClient } from '../../player/export/export-client.ts';
import type { ExportOutcome } from '../../player/export/export-engine.ts';
import {
  DIFFERENCE_KIND,
  type ExportedVideo,
  type ExportKind,
  type ExportRequest,
  exportBytes,
  exportFileName,
  exportMimeType,
} from '../../player/export/export-request.ts';
import { changesLength, type MixSettings, wholeMix } from '../../player/export/mix-settings.ts';
import { SaveFormat } from '../../player/export/save-format.ts';
import { decibels } from '../../player/mix-state.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { Notices } from '../shell/notices.ts';
import { type SaveActions, SavePanel } from './save-panel.ts';
import { addressOf, chooseTarget, download, retire } from './save-target.ts';

/** Finished files that are kept for dragging. */
const KEPT_FILES = 2;

/** What saving works with. */
export interface SaverOptions {
  readonly name: string;
  readonly store: SongStorage;
  /** The file that the song came from, now. */
  readonly file: () => Blob | undefined;
  readonly notices: Notices;
  /** The present mix. */
  readonly mix: () => MixSettings;
  /** Keeps a storage open until the returned function is called. */
  readonly use: (storage: SongStorage) => () => void;
}

interface KeptFile {
  readonly kind: ExportKind;
  readonly key: string;
  readonly name: string;
  readonly address: string;
  readonly type: string;
}

/** Saves stems and mixes, one file at a time, and reports the outcome. */
export class Saver {
  readonly panel: SavePanel;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: SaverOptions;
  readonly #client: ExportClient;
  readonly #format: SaveFormat;
  #kept: readonly KeptFile[] = [];
  #busy = false;
  #video: ExportedVideo | undefined;
  #minus: SongStorage | undefined;
  /** Counts the changes of that. */
  #comparison = 0;

  constructor(scope: Scope, i18n: I18n, options: SaverOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#client = new ExportClient(() => ({ store: options.store, file: options.file() }));
    scope.add(() => this.#client.dispose());
    scope.add(() => {
      for (const { address } of this.#kept) URL.revokeObjectURL(address);
    });
    this.#format = new SaveFormat(options.store.depth);
    const actions: SaveActions = {
      save: (kind, format) => void this.#save(this.#request(kind, format)),
      cancel: () => void this.#client.cancel(),
      drag: (kind, format, transfer) => this.#drag(this.#request(kind, format), transfer),
      size: (kind, format) => exportBytes(this.#request(kind, format), this.#shape),
    };
    this.panel = new SavePanel(scope, i18n, { shape: this.#shape, format: this.#format, actions });
  }

  /** Takes separated samples: their level decides on the format. */
  add({ vocals, accompaniment }: Pick<SeparationChunk, 'vocals' | 'accompaniment'>): void {
    this.#format.add(vocals);
    this.#format.add(accompaniment);
    this.panel.refresh();
  }

  /** Offers the video that the song came from, with another sound. */
  offerVideo(video: ExportedVideo): void {
    this.#video = video;
    this.panel.offerVideo();
  }

  /** Offers the difference to another result, which is heard; undefined: it is no longer. */
  compare(minus: SongStorage | undefined): void {
    if (minus === this.#minus) return;
    this.#minus = minus;
    this.#comparison++;
    this.#drop(this.#kept.filter(({ kind }) => kind === DIFFERENCE_KIND));
    this.panel.offerDifference(minus !== undefined);
  }

  get #shape() {
    const { store } = this.#options;
    return { sampleRate: store.sampleRate, channels: store.channels, samples: store.samples };
  }

  #request(kind: ExportKind, format: ExportFormat): ExportRequest {
    return { kind, format, name: this.#options.name, mix: this.#options.mix(), video: this.#video };
  }

  async #save(request: ExportRequest): Promise<void> {
    if (this.#busy) return;
    const key = this.#keyOf(request);
    const minus = this.#minusOf(request.kind);
    const kept = this.#kept.find((file) => file.key === key);
    if (kept) {
      download(kept.address, kept.name);
      this.panel.say(() => this.#i18n.t('save.again', { name: kept.name }));
      return;
    }
    let target: FileSystemFileHandle | undefined;
    try {
      target = await chooseTarget(exportFileName(request), exportMimeType(request), exportBytes(request, this.#shape));
    } catch (error) {
      // The person closed the dialogue.
      if ((error as Error).name !== 'AbortError')
        this.#tell(request, { kind: 'failed', error: message('export.denied') });
      return;
    }
    const outcome = await this.#run(request, minus, target);
    if (outcome.kind === 'done' && outcome.file) {
      const { address, name } = this.#keep(key, request, outcome.file);
      download(address, name);
    }
    this.#tell(request, outcome);
  }

  async #run(
    request: ExportRequest,
    minus: SongStorage | undefined,
    target?: FileSystemFileHandle,
  ): Promise<ExportOutcome> {
    if (this.#busy) return { kind: 'cancelled' };
    this.#busy = true;
    const release = minus && this.#options.use(minus);
    const name = exportFileName(request);
    this.panel.working(0);
    this.panel.say(() => this.#i18n.t('save.working', { name }));
    try {
      const onProgress = (part: number) => {
        if (this.#busy) this.panel.working(part);
      };
      return await this.#client.run(request, target, onProgress, minus);
    } finally {
      release?.();
      this.#busy = false;
      if (!this.#scope.disposed) this.panel.working(undefined);
    }
  }

  /** @param key computed before the export began: later painting is not in the file */
  #keep(key: string, request: ExportRequest, file: Blob): KeptFile {
    const kept = {
      kind: request.kind,
      key,
      name: exportFileName(request),
      address: addressOf(file),
      type: exportMimeType(request),
    };
    this.#kept = [...this.#kept, kept];
    this.#drop(this.#kept.slice(0, -KEPT_FILES));
    return kept;
  }

  #drop(files: readonly KeptFile[]): void {
    this.#kept = this.#kept.filter((file) => !files.includes(file));
    for (const { address } of files) retire(this.#scope, address);
  }

  /** A drag needs a finished file: the first try makes it. */
  #drag(request: ExportRequest, transfer: DataTransfer): boolean {
    const kept = this.#kept.find(({ key }) => key === this.#keyOf(request));
    if (!kept) {
      if (!this.#busy) void this.#prepare(request);
      return false;
    }
    transfer.effectAllowed = 'copy';
    transfer.setData('DownloadURL', `${kept.type}:${kept.name}:${kept.address}`);
    return true;
  }

  async #prepare(request: ExportRequest): Promise<void> {
    const key = this.#keyOf(request);
    const outcome = await this.#run(request, this.#minusOf(request.kind));
    if (outcome.kind === 'done' && outcome.file) {
      const { name } = this.#keep(key, request, outcome.file);
      this.panel.say(() => this.#i18n.t('save.dragReady', { name }));
    } else this.#tell(request, outcome);
  }

  /** Identifies a file; painting on the mask makes another one. */
  #keyOf({ kind, format, mix }: ExportRequest): string {
    const { store } = this.#options;
    if (kind === DIFFERENCE_KIND) {
      return JSON.stringify([kind, format, store.revision, this.#comparison, this.#minus?.revision]);
    }
    const heard = kind === 'mix' ? [mix] : kind === 'video-mix' ? [wholeMix(mix)] : [];
    return JSON.stringify([kind, format, store.revision, ...heard]);
  }

  /** The result that is subtracted in a file. */
  #minusOf(kind: ExportKind): SongStorage | undefined {
    return kind === DIFFERENCE_KIND ? this.#minus : undefined;
  }

  #tell(request: ExportRequest, outcome: ExportOutcome): void {
    if (this.#scope.disposed) return;
    const t = this.#i18n.t.bind(this.#i18n);
    if (outcome.kind === 'failed') {
      this.panel.say(() => t('save.failed'));
      this.#options.notices.thrown(outcome.error, () => t('save.songKept'));
      return;
    }
    if (outcome.kind === 'cancelled') {
      this.panel.say(() => t('save.cancelled'));
      return;
    }
    const { gain, bytes } = outcome;
    const name = exportFileName(request);
    const quieter = decibels(1 / gain).toFixed(1);
    this.panel.say(() => {
      const said = [t('save.done', { name, size: megabytes(bytes) })];
      if (request.kind === 'video-mix' && changesLength(request.mix)) said.push(t('save.videoWhole'));
      const level = { level: quieter };
      const mix = /mix$/.test(request.kind);
      if (gain !== 1)
        said.push(mix ? t('save.quieterMix', level) : this.#i18n.message(message('export.quieter', level)));
      return said.join(' ');
    });
  }
}
