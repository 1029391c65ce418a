import { store, stored } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { networksOf } from '../../model/manifest-facts.ts';
import { choiceOfText, choiceText, isSameModel } from '../../separation/model-choice.ts';
import {
  DEFAULT_MODEL,
  type EngineStatus,
  type ModelChoice,
  type ModelEntry,
  type Quality,
  type SeparationClient,
} from '../../separation/separation-client.ts';
import type { ModelOffer } from '../files/incoming-files.ts';
import { h, icon, setText } from '../shell/dom.ts';
import type { Notices } from '../shell/notices.ts';
import { ModelAdder } from './model-adder.ts';
import { ModelList } from './model-list.ts';
import { modelTitle } from './model-words.ts';
import { NetworkDiagram } from './network-diagram.ts';
import { QualitySwitch, rememberQuality } from './quality-switch.ts';

const STORED_AS = 'unsung.model';

/** The model of who has chosen none: one of the page's own that the address names (`?model=paper`), or its first. */
function firstModel(): ModelChoice {
  const named = new URLSearchParams(location.search).get('model');
  return (named === null ? undefined : choiceOfText(`built-in/${named}`)) ?? DEFAULT_MODEL;
}

/** The model that the person chose last, or the first. */
export function rememberedModel(): ModelChoice {
  return choiceOfText(stored(STORED_AS)) ?? firstModel();
}

/** What the panel works with. */
export interface ModelsPanelOptions {
  readonly client: Pick<
    SeparationClient,
    'model' | 'quality' | 'models' | 'presets' | 'examine' | 'prepare' | 'addModel' | 'removeModel'
  >;
  readonly notices: Notices;
  readonly chooseFiles: () => void;
  readonly chooseFolder: (() => void) | undefined;
  /** Separates the open song again, with the model and the quality chosen. */
  readonly again: () => void;
}

/** How the open song stands. */
export interface OpenSongState {
  /** The model that it is, or was last, separated with; undefined: there is no song. */
  readonly model: ModelChoice | undefined;
  /** At which of that model's qualities. */
  readonly quality: Quality | undefined;
  /** It is being separated now. */
  readonly busy: boolean;
}

/** The models: which one separates, what its network looks like, adding and removing. Opened from the top bar. */
export class ModelsPanel {
  readonly element: HTMLElement;
  /** For the top bar. */
  readonly button: HTMLButtonElement;
  /** For the top bar: at which of the model's qualities the next song is separated. */
  readonly quality: QualitySwitch;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: ModelsPanelOptions;
  readonly #heading = h('h2', { tabindex: -1 });
  readonly #list: ModelList;
  readonly #status = h('p', { class: 'model-status', role: 'status' });
  readonly #again = h('button', { type: 'button', class: 'button primary', id: 'model-again' });
  readonly #songUsed = h('p', { class: 'model-used' });
  readonly #adder: ModelAdder;
  readonly #networkOf = h('p', { class: 'network-of' });
  readonly #picture: NetworkDiagram;
  #entries: readonly ModelEntry[] | undefined;
  #song: OpenSongState = { model: undefined, quality: undefined, busy: false };
  /** Of the model that is loaded. */
  #engine: EngineStatus | undefined;
  #said = () => '';

  constructor(scope: Scope, i18n: I18n, options: ModelsPanelOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#picture = new NetworkDiagram(scope, i18n);
    this.#list = new ModelList(scope, i18n, {
      choose: (entry) => void this.#choose(entry),
      remove: (entry) => void this.#remove(entry),
    });
    this.quality = new QualitySwitch(scope, i18n, {
      choose: (quality) => {
        options.client.quality = quality;
        rememberQuality(quality);
        this.#showQuality();
      },
      again: options.again,
    });
    this.#adder = new ModelAdder(scope, i18n, {
      ...options,
      taken: () => (this.#entries ?? []).filter(({ origin }) => origin === 'built-in').map(({ id }) => id),
      onAdded: (entry) => this.#added(entry),
      onCancelled: () => this.#heading.focus({ preventScroll: true }),
    });
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'button quiet',
        id: 'models-button',
        'aria-expanded': 'false',
        'aria-controls': 'models',
      },
      icon('model'),
      h('span'),
    );
    this.element = this.#layout();
    scope.listen(this.button, 'click', () => (this.element.hidden ? this.open() : this.close()));
    scope.listen(this.#again, 'click', options.again);
    i18n.bind(scope, () => this.#show());
  }

  /** Opens the panel and puts the keyboard there. */
  open(): void {
    this.element.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.#heading.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
    void this.refresh();
  }

  /** Closes the panel. */
  close(): void {
    this.element.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus({ preventScroll: true });
  }

  /** Asks the engine for the models again. Never rejects. */
  async refresh(): Promise<void> {
    try {
      this.#entries = await this.#options.client.models();
      this.#show();
    } catch (error) {
      this.#options.notices.thrown(error);
    }
  }

  /** Loads the remembered model; where that fails, the page's own takes its place. Never rejects. */
  async start(): Promise<void> {
    const { client, notices } = this.#options;
    const wished = client.model;
    const preparing = client.prepare();
    // Told below.
    preparing.catch(() => undefined);
    await this.refresh();
    try {
      await preparing;
    } catch (error) {
      // The page's own model: the song's turn tries again, and says so if it fails once more.
      if (isSameModel(wished, firstModel()) || !isSameModel(client.model, wished)) return;
      notices.thrown(error);
      this.#set(firstModel());
      this.#say(() => this.#i18n.t('models.failedBack', { title: this.#titleOf(firstModel()) }));
      client.prepare().catch(() => undefined);
    }
  }

  /** Takes the files of a new model. Never rejects. */
  async offer(offer: ModelOffer): Promise<void> {
    if (this.element.hidden) this.open();
    await this.#adder.offer(offer);
  }

  /** Tells what the engine runs on. */
  engine(status: EngineStatus): void {
    this.#engine = status;
    this.#showQuality();
  }

  /** Tells how the open song stands. */
  song(state: OpenSongState): void {
    this.#song = state;
    this.#showSong();
    this.#showQuality();
  }

  async #added(entry: ModelEntry): Promise<void> {
    const title = modelTitle(entry, this.#i18n.language);
    await this.refresh();
    if (!(await this.#choose(entry))) return;
    this.#say(() => this.#i18n.t(entry.lasts === 'browser' ? 'models.added' : 'models.addedThisVisit', { title }));
  }

  /** Makes a model the one that separates; where it cannot be loaded, the one before stays. */
  async #choose(entry: ModelEntry): Promise<boolean> {
    const { client, notices } = this.#options;
    const before = client.model;
    const title = modelTitle(entry, this.#i18n.language);
    this.#set(entry);
    if (this.#song.busy) {
      this.#say(() => this.#i18n.t('models.next', { title }));
      return true;
    }
    this.#say(() => this.#i18n.t('models.loading', { title }));
    try {
      await client.prepare();
      if (isSameModel(client.model, entry)) this.#say(() => this.#i18n.t('models.ready', { title }));
      return true;
    } catch (error) {
      // Another was chosen meanwhile: its own turn says how that went.
      if (!isSameModel(client.model, entry)) return false;
      notices.thrown(error);
      this.#set(before);
      this.#say(() => this.#i18n.t('models.failedBack', { title: this.#titleOf(before) }));
      client.prepare().catch(() => undefined);
      return false;
    }
  }

  async #remove(entry: ModelEntry): Promise<void> {
    const { client, notices } = this.#options;
    try {
      await client.removeModel(entry.id);
      if (isSameModel(client.model, entry)) this.#set(firstModel());
      await this.refresh();
      this.#say(() => this.#i18n.t('models.removed', { title: modelTitle(entry, this.#i18n.language) }));
      this.#heading.focus({ preventScroll: true });
      if (!this.#song.busy) client.prepare().catch(() => undefined);
    } catch (error) {
      notices.thrown(error);
    }
  }

  #set({ origin, id }: ModelChoice): void {
    const choice = { origin, id };
    this.#engine = undefined;
    this.#options.client.model = choice;
    store(STORED_AS, choiceText(choice));
    this.#show();
  }

  #titleOf(choice: ModelChoice): string {
    const entry = this.#entries?.find((known) => isSameModel(known, choice));
    return entry ? modelTitle(entry, this.#i18n.language) : choice.id;
  }

  #say(said: () => string): void {
    this.#said = said;
    setText(this.#status, said());
  }

  #show(): void {
    const { client } = this.#options;
    const title = this.#titleOf(client.model);
    this.#list.show(this.#entries, client.model);
    setText(this.#status, this.#said());
    setText(this.button.lastElementChild as HTMLElement, this.#i18n.t('models.open'));
    if (this.#entries) this.button.title = this.#i18n.t('models.openNow', { title });
    const manifest = this.#chosen?.manifest;
    const count = manifest ? networksOf(manifest).length : 1;
    setText(this.#networkOf, this.#i18n.t(count > 1 ? 'network.ofSeveral' : 'network.of', { title, count }));
    this.#picture.show(manifest);
    this.#showSong();
    this.#showQuality();
  }

  get #chosen(): ModelEntry | undefined {
    return this.#entries?.find((entry) => isSameModel(entry, this.#options.client.model));
  }

  #showQuality(): void {
    const { client } = this.#options;
    const { model, quality } = this.#song;
    this.quality.show({
      manifest: this.#chosen?.manifest,
      speeds: this.#engine?.speeds,
      chosen: client.quality ?? this.#engine?.quality,
      song: isSameModel(model, client.model) ? quality : undefined,
    });
  }

  #showSong(): void {
    const { client } = this.#options;
    const { model } = this.#song;
    const other = model !== undefined && !isSameModel(model, client.model);
    this.#again.hidden = !other;
    this.#songUsed.hidden = !other;
    if (!other) return;
    setText(this.#songUsed, this.#i18n.t('models.songUsed', { title: this.#titleOf(model) }));
    setText(this.#again, this.#i18n.t('models.again', { title: this.#titleOf(client.model) }));
  }

  #layout(): HTMLElement {
    const i18n = this.#i18n;
    const lead = h('p', { class: 'models-lead' });
    const close = h('button', { type: 'button', class: 'icon-button' }, icon('close'));
    const networkTitle = h('h3');
    this.#scope.listen(close, 'click', () => this.close());
    const element = h(
      'section',
      { class: 'models card', id: 'models', hidden: true },
      h('div', { class: 'models-head' }, h('div', {}, this.#heading, lead), close),
      h(
        'div',
        { class: 'models-body' },
        h(
          'div',
          { class: 'models-choice' },
          this.#list.element,
          this.#status,
          h('div', { class: 'model-song' }, this.#songUsed, this.#again),
          this.#adder.element,
        ),
        h('div', { class: 'models-network' }, networkTitle, this.#networkOf, this.#picture.element),
      ),
    );
    this.#scope.listen(element, 'keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      this.close();
    });
    i18n.bind(this.#scope, () => {
      setText(this.#heading, i18n.t('models.title'));
      element.setAttribute('aria-label', i18n.t('models.title'));
      setText(lead, i18n.t('models.lead'));
      close.setAttribute('aria-label', i18n.t('models.close'));
      setText(networkTitle, i18n.t('network.title'));
    });
    return element;
  }
}
