import type { ExportFormat } from '../../audio/encode/formats.ts';
import { megabytes } from '../../core/format.ts';
import { message } from '../../core/message.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { ExportClient, type ExportSong } from '../../player/export/export-client.ts';
import type { ExportOutcome } from '../../player/export/export-engine.ts';
import {
  type ExportKind,
  type ExportOrder,
  exportBytes,
  exportFileName,
  exportMimeType,
} from '../../player/export/export-order.ts';
import type { MixSettings } from '../../player/export/mix-settings.ts';
import { decibels } from '../../player/mix-state.ts';
import type { Notices } from '../shell/notices.ts';
import { SavePanel } from './save-panel.ts';
import { chooseTarget, download, retire } from './save-target.ts';

/** Finished files that are kept for dragging. */
const KEPT_FILES = 2;

/** What saving works with. */
export interface SaverOptions extends ExportSong {
  readonly name: string;
  readonly notices: Notices;
  /** The present mix. */
  readonly mix: () => MixSettings;
}

interface KeptFile {
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
  #kept: readonly KeptFile[] = [];
  #busy = false;

  constructor(scope: Scope, i18n: I18n, options: SaverOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#client = new ExportClient(options);
    scope.add(() => this.#client.dispose());
    scope.add(() => {
      for (const { address } of this.#kept) URL.revokeObjectURL(address);
    });
    this.panel = new SavePanel(scope, i18n, this.#shape, {
      save: (kind, format) => void this.#save(this.#order(kind, format)),
      cancel: () => void this.#client.cancel(),
      drag: (kind, format, transfer) => this.#drag(this.#order(kind, format), transfer),
      size: (kind, format) => exportBytes(this.#order(kind, format), this.#shape),
    });
  }

  get #shape() {
    const { store } = this.#options;
    return { sampleRate: store.sampleRate, channels: store.channels, samples: store.samples };
  }

  #order(kind: ExportKind, format: ExportFormat): ExportOrder {
    return { kind, format, name: this.#options.name, mix: this.#options.mix() };
  }

  async #save(order: ExportOrder): Promise<void> {
    if (this.#busy) return;
    const key = this.#keyOf(order);
    const kept = this.#kept.find((file) => file.key === key);
    if (kept) {
      download(kept.address, kept.name);
      this.panel.say(() => this.#i18n.t('save.again', { name: kept.name }));
      return;
    }
    let target: FileSystemFileHandle | undefined;
    try {
      target = await chooseTarget(exportFileName(order), exportMimeType(order), exportBytes(order, this.#shape));
    } catch (error) {
      // The person closed the dialogue.
      if ((error as Error).name !== 'AbortError')
        this.#tell(order, { kind: 'failed', error: message('export.denied') });
      return;
    }
    const outcome = await this.#run(order, target);
    if (outcome.kind === 'done' && outcome.file) {
      const { address, name } = this.#keep(key, order, outcome.file);
      download(address, name);
    }
    this.#tell(order, outcome);
  }

  async #run(order: ExportOrder, target?: FileSystemFileHandle): Promise<ExportOutcome> {
    if (this.#busy) return { kind: 'cancelled' };
    this.#busy = true;
    const name = exportFileName(order);
    this.panel.working(0);
    this.panel.say(() => this.#i18n.t('save.working', { name }));
    try {
      return await this.#client.run(order, target, (part) => {
        if (this.#busy) this.panel.working(part);
      });
    } finally {
      this.#busy = false;
      if (!this.#scope.disposed) this.panel.working(undefined);
    }
  }

  /** @param key computed before the export began: later painting is not in the file */
  #keep(key: string, order: ExportOrder, file: Blob): KeptFile {
    const kept = {
      key,
      name: exportFileName(order),
      address: URL.createObjectURL(file),
      type: exportMimeType(order),
    };
    const all = [...this.#kept, kept];
    this.#kept = all.slice(-KEPT_FILES);
    for (const { address } of all.slice(0, -KEPT_FILES)) retire(this.#scope, address);
    return kept;
  }

  /** A drag needs a finished file: the first try makes it. */
  #drag(order: ExportOrder, transfer: DataTransfer): boolean {
    const kept = this.#kept.find(({ key }) => key === this.#keyOf(order));
    if (!kept) {
      if (!this.#busy) void this.#prepare(order);
      return false;
    }
    transfer.effectAllowed = 'copy';
    transfer.setData('DownloadURL', `${kept.type}:${kept.name}:${kept.address}`);
    return true;
  }

  async #prepare(order: ExportOrder): Promise<void> {
    const key = this.#keyOf(order);
    const outcome = await this.#run(order);
    if (outcome.kind === 'done' && outcome.file) {
      const { name } = this.#keep(key, order, outcome.file);
      this.panel.say(() => this.#i18n.t('save.dragReady', { name }));
    } else this.#tell(order, outcome);
  }

  /** Identifies a file; painting on the mask makes another one. */
  #keyOf({ kind, format, mix }: ExportOrder): string {
    return JSON.stringify([kind, format, this.#options.store.revision, ...(kind === 'mix' ? [mix] : [])]);
  }

  #tell(order: ExportOrder, outcome: ExportOutcome): void {
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
    const name = exportFileName(order);
    const quieter = decibels(1 / gain).toFixed(1);
    this.panel.say(() => {
      const done = t('save.done', { name, size: megabytes(bytes) });
      if (gain === 1) return done;
      return `${done} ${t(order.kind === 'mix' ? 'save.quieterMix' : 'save.quieterStems', { level: quieter })}`;
    });
  }
}
