import { Emitter } from '../../core/emitter.ts';
import type { Quality } from '../../model/manifest.ts';
import { DEFAULT_MODEL, isSameModel, type ModelChoice } from '../../separation/model-choice.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import type { EngineStatus, ModelEntry } from '../../separation/separation-engine.ts';
import type { QualityFacts } from './quality-switch.ts';

/** What the controller works with. */
export interface ModelsControllerOptions {
  readonly client: Pick<SeparationClient, 'model' | 'quality' | 'models' | 'prepare' | 'removeModel'>;
  /** The model of a person who has not chosen one. */
  readonly firstModel: ModelChoice;
  /** Keeps a choice for the next visit. */
  readonly rememberModel: (choice: ModelChoice) => void;
  readonly rememberQuality: (quality: Quality) => void;
  /** Reports an error to the person. */
  readonly failed: (error: unknown) => void;
}

/** The open song, as far as models are concerned. */
export interface OpenSongState {
  /** The model of its last separation; undefined: no song is open. */
  readonly model: ModelChoice | undefined;
  /** The quality of its last separation. */
  readonly quality: Quality | undefined;
  /** Whether it is being separated now. */
  readonly busy: boolean;
}

/** What happened last; `model` is the one that it happened to. */
export type ModelsStatus =
  | { readonly kind: 'none' }
  | {
      /**
       * `next`: chosen while a song is being separated, used from the next one on; `failed-back`: another one could not be
       * loaded, so this one stays.
       */
      readonly kind: 'loading' | 'ready' | 'next' | 'failed-back' | 'removed' | 'added' | 'added-this-visit';
      readonly model: NamedModel;
    };

/** Enough of a model to name it. */
export type NamedModel = Pick<ModelEntry, 'id' | 'manifest'>;

/**
 * Which models there are and which one separates. Loads a chosen model; where that fails, the one before stays.
 * Emits `models` when the list or the choice has changed, `status` when something happened, and `use` when the open
 * song, the engine or the quality has changed.
 *
 * @example
 * const models = new ModelsController({ client, firstModel, rememberModel, rememberQuality, failed });
 * models.on('models', () => draw(models.entries, models.chosen));
 * await models.start();
 */
export class ModelsController extends Emitter<{ models: []; status: []; use: [] }> {
  readonly #options: ModelsControllerOptions;
  #entries: readonly ModelEntry[] | undefined;
  #song: OpenSongState = { model: undefined, quality: undefined, busy: false };
  /** Of the loaded model; undefined while another one is loaded. */
  #engine: EngineStatus | undefined;
  #status: ModelsStatus = { kind: 'none' };

  constructor(options: ModelsControllerOptions) {
    super();
    this.#options = options;
  }

  /** All models, the default one first; undefined while they are being looked for. */
  get entries(): readonly ModelEntry[] | undefined {
    return this.#entries;
  }

  /** The model that separates the next song. */
  get model(): ModelChoice {
    return this.#options.client.model;
  }

  /** Its entry; undefined where it is not known. */
  get chosen(): ModelEntry | undefined {
    return this.#entryOf(this.model);
  }

  get status(): ModelsStatus {
    return this.#status;
  }

  /** The model that the open song was separated with, where that is not the chosen one. */
  get songModel(): NamedModel | undefined {
    const { model } = this.#song;
    return model && !isSameModel(model, this.model) ? this.named(model) : undefined;
  }

  /** What the switch of the quality shows. */
  get quality(): QualityFacts {
    const { model, quality } = this.#song;
    return {
      manifest: this.chosen?.manifest,
      speeds: this.#engine?.speeds,
      chosen: this.#options.client.quality ?? this.#engine?.quality,
      song: isSameModel(model, this.model) ? quality : undefined,
    };
  }

  /** Ids of the built-in models, which a new model cannot have. */
  get builtInIds(): readonly string[] {
    return (this.#entries ?? []).filter(({ origin }) => origin === 'built-in').map(({ id }) => id);
  }

  /** A model with its manifest, where that is known. */
  named(choice: ModelChoice): NamedModel {
    return this.#entryOf(choice) ?? { id: choice.id, manifest: undefined };
  }

  /** Looks for the models again. Never rejects. */
  async refresh(): Promise<void> {
    try {
      this.#entries = defaultFirst(await this.#options.client.models());
      this.emit('models');
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** Loads the remembered model; where that fails, the first one. Never rejects. */
  async start(): Promise<void> {
    const { client, firstModel, failed } = this.#options;
    const remembered = client.model;
    const preparing = client.prepare();
    // Its failure is handled below.
    preparing.catch(() => undefined);
    await this.refresh();
    try {
      await preparing;
    } catch (error) {
      // A failure of the first model shows when a song needs it.
      if (isSameModel(remembered, firstModel) || !isSameModel(client.model, remembered)) return;
      failed(error);
      this.#goBack(firstModel);
    }
  }

  /** Makes a model the one that separates. Never rejects. */
  async choose(entry: ModelEntry): Promise<boolean> {
    const { client, failed } = this.#options;
    const before = client.model;
    this.#use(entry);
    if (this.#song.busy) {
      this.#report({ kind: 'next', model: entry });
      return true;
    }
    this.#report({ kind: 'loading', model: entry });
    try {
      await client.prepare();
      if (isSameModel(client.model, entry)) this.#report({ kind: 'ready', model: entry });
      return true;
    } catch (error) {
      // Another one was chosen meanwhile and reports its own outcome.
      if (!isSameModel(client.model, entry)) return false;
      failed(error);
      this.#goBack(before);
      return false;
    }
  }

  /** Takes a model that was just added, and uses it. Never rejects. */
  async added(entry: ModelEntry): Promise<void> {
    await this.refresh();
    if (!(await this.choose(entry))) return;
    this.#report({ kind: entry.lasts === 'browser' ? 'added' : 'added-this-visit', model: entry });
  }

  /**
   * Removes a model that a person added. Never rejects.
   * @returns whether it is gone
   */
  async remove(entry: ModelEntry): Promise<boolean> {
    const { client, firstModel, failed } = this.#options;
    try {
      await client.removeModel(entry.id);
      if (isSameModel(client.model, entry)) this.#use(firstModel);
      await this.refresh();
      this.#report({ kind: 'removed', model: entry });
      if (!this.#song.busy) client.prepare().catch(() => undefined);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  /** Sets the quality of the next separation. */
  chooseQuality(quality: Quality): void {
    this.#options.client.quality = quality;
    this.#options.rememberQuality(quality);
    this.emit('use');
  }

  /** Takes the status of the engine. */
  engine(status: EngineStatus): void {
    this.#engine = status;
    this.emit('use');
  }

  /** Takes the state of the open song. */
  song(state: OpenSongState): void {
    this.#song = state;
    this.emit('use');
  }

  #goBack(choice: ModelChoice): void {
    this.#use(choice);
    this.#report({ kind: 'failed-back', model: this.named(choice) });
    this.#options.client.prepare().catch(() => undefined);
  }

  #use({ origin, id }: ModelChoice): void {
    const choice = { origin, id };
    this.#engine = undefined;
    this.#options.client.model = choice;
    this.#options.rememberModel(choice);
    this.emit('models');
  }

  #report(status: ModelsStatus): void {
    this.#status = status;
    this.emit('status');
  }

  #entryOf(choice: ModelChoice): ModelEntry | undefined {
    return this.#entries?.find((entry) => isSameModel(entry, choice));
  }
}

function defaultFirst(entries: readonly ModelEntry[]): readonly ModelEntry[] {
  const isDefault = (entry: ModelEntry) => isSameModel(entry, DEFAULT_MODEL);
  return [...entries.filter(isDefault), ...entries.filter((entry) => !isDefault(entry))];
}
