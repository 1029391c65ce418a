import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { networksOf } from '../../model/manifest-facts.ts';
import type { ModelChoice } from '../../separation/model-choice.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import type { EngineStatus } from '../../separation/separation-engine.ts';
import type { ModelOffer } from '../files/incoming-files.ts';
import { h, icon, setText } from '../shell/dom.ts';
import type { Notices } from '../shell/notices.ts';
import { ModelAdder } from './model-adder.ts';
import { ModelList } from './model-list.ts';
import { modelTitle, shortTitle } from './model-texts.ts';
import { ModelsController, type NamedModel, type OpenSongState } from './models-controller.ts';
import type { NetworkDiagram } from './network-diagram.ts';
import { QualitySwitch } from './quality-switch.ts';
import { firstModel, rememberModel, rememberQuality } from './remembered-choice.ts';

/** What the panel works with. */
export interface ModelsPanelOptions {
  readonly client: Pick<
    SeparationClient,
    'model' | 'quality' | 'models' | 'presets' | 'examine' | 'prepare' | 'addModel' | 'removeModel'
  >;
  readonly notices: Notices;
  readonly chooseFiles: () => void;
  readonly chooseFolder: (() => void) | undefined;
  /** Separates the open song again, with the chosen model and quality. */
  readonly again: () => void;
  /** Called when titles of models may have changed. */
  readonly onModels: () => void;
}

/** The text for each status. */
const STATUS = {
  loading: 'models.loading',
  ready: 'models.ready',
  next: 'models.next',
  'failed-back': 'models.failedBack',
  removed: 'models.removed',
  added: 'models.added',
  'added-this-visit': 'models.addedThisVisit',
} as const;

/**
 * Advanced: which model separates, adding and removing models, and, folded, the drawing of the network. Opened from the
 * top bar, where the qualities are in plain sight.
 */
export class ModelsPanel {
  readonly element: HTMLElement;
  /** For the top bar. */
  readonly button: HTMLButtonElement;
  /** For the top bar: the quality of the next separation. */
  readonly quality: QualitySwitch;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #models: ModelsController;
  readonly #heading = h('h2', { tabindex: -1 });
  readonly #list: ModelList;
  readonly #status = h('p', { class: 'model-status', role: 'status' });
  readonly #again = h('button', { type: 'button', class: 'button primary', id: 'model-again' });
  readonly #songUsed = h('p', { class: 'model-used' });
  readonly #adder: ModelAdder;
  readonly #networkOf = h('p', { class: 'network-of' });
  readonly #network = h('details', { class: 'models-network' });
  /** Undefined: not loaded yet. */
  #diagram: NetworkDiagram | undefined;

  constructor(scope: Scope, i18n: I18n, options: ModelsPanelOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    const { client, notices, again, onModels } = options;
    const models = new ModelsController({
      client,
      firstModel: firstModel(),
      rememberModel,
      rememberQuality,
      failed: (error) => notices.thrown(error),
    });
    this.#models = models;
    this.#list = new ModelList(scope, i18n, {
      choose: (entry) => void models.choose(entry),
      remove: async (entry) => {
        if (await models.remove(entry)) this.#heading.focus({ preventScroll: true });
      },
    });
    this.quality = new QualitySwitch(scope, i18n, { choose: (quality) => models.chooseQuality(quality), again });
    this.#adder = new ModelAdder(scope, i18n, {
      ...options,
      taken: () => models.builtInIds,
      onAdded: (entry) => models.added(entry),
      onCancelled: () => this.#heading.focus({ preventScroll: true }),
    });
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'button small',
        id: 'models-button',
        'aria-expanded': 'false',
        'aria-controls': 'models',
      },
      icon('model'),
      h('span'),
    );
    this.element = this.#layout();
    scope.listen(this.button, 'click', () => (this.element.hidden ? this.open() : this.close()));
    scope.listen(this.#again, 'click', again);
    scope.listen(this.#network, 'toggle', () => {
      if (this.#network.open && !this.#diagram) this.#draw().catch((error: unknown) => notices.thrown(error));
    });
    scope.add(models.on('models', () => this.#show()));
    scope.add(models.on('models', onModels));
    scope.add(models.on('status', () => this.#showStatus()));
    scope.add(models.on('use', () => this.#showUse()));
    i18n.bind(scope, () => this.#show());
  }

  /** Opens the panel and moves the focus there. */
  open(): void {
    this.element.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.#heading.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
    void this.#models.refresh();
  }

  /** Closes the panel. */
  close(): void {
    this.element.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus({ preventScroll: true });
  }

  /** Loads the remembered model; where that fails, the first one. Never rejects. */
  start(): Promise<void> {
    return this.#models.start();
  }

  /** Takes the files of a new model. Never rejects. */
  async offer(offer: ModelOffer): Promise<void> {
    if (this.element.hidden) this.open();
    await this.#adder.offer(offer);
  }

  /** Takes the status of the engine. */
  engine(status: EngineStatus): void {
    this.#models.engine(status);
  }

  /** Takes the state of the open song. */
  song(state: OpenSongState): void {
    this.#models.song(state);
  }

  /** The short title of a model in the page's language. */
  shortTitleOf(model: ModelChoice): string {
    return shortTitle(this.#titleOf(this.#models.named(model)));
  }

  #titleOf(model: NamedModel): string {
    return modelTitle(model, this.#i18n.language);
  }

  #show(): void {
    const { entries, model, chosen } = this.#models;
    const title = this.#titleOf(this.#models.named(model));
    this.#list.show(entries, model);
    setText(this.button.lastElementChild as HTMLElement, this.#i18n.t('models.open'));
    if (entries) this.button.title = this.#i18n.t('models.openNow', { title });
    const count = chosen?.manifest ? networksOf(chosen.manifest).length : 1;
    setText(this.#networkOf, this.#i18n.t(count > 1 ? 'network.ofSeveral' : 'network.of', { title, count }));
    this.#diagram?.show(chosen?.manifest);
    this.#showStatus();
    this.#showUse();
  }

  /** Draws the network, whose code is not in the page's first download. */
  async #draw(): Promise<void> {
    const { NetworkDiagram } = await import('./network-diagram.ts');
    if (this.#diagram || this.#scope.disposed) return;
    this.#diagram = new NetworkDiagram(this.#scope, this.#i18n);
    this.#networkOf.after(this.#diagram.element);
    this.#diagram.show(this.#models.chosen?.manifest);
  }

  #showStatus(): void {
    const { status } = this.#models;
    const text =
      status.kind === 'none' ? '' : this.#i18n.t(STATUS[status.kind], { title: this.#titleOf(status.model) });
    setText(this.#status, text);
  }

  #showUse(): void {
    const { songModel, model } = this.#models;
    this.quality.show(this.#models.quality);
    this.#again.hidden = !songModel;
    this.#songUsed.hidden = !songModel;
    if (!songModel) return;
    setText(this.#songUsed, this.#i18n.t('models.songUsed', { title: this.#titleOf(songModel) }));
    setText(this.#again, this.#i18n.t('models.again', { title: this.#titleOf(this.#models.named(model)) }));
  }

  #layout(): HTMLElement {
    const i18n = this.#i18n;
    const lead = h('p', { class: 'models-lead' });
    const close = h('button', { type: 'button', class: 'icon-button' }, icon('close'));
    const networkTitle = h('summary');
    this.#network.append(networkTitle, h('div', { class: 'models-drawing' }, this.#networkOf));
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
        ),
        this.#adder.element,
        this.#network,
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
