import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ImportRequest, ModelEntry, SeparationClient } from '../../separation/separation-client.ts';
import type { ModelOffer } from '../files/incoming-files.ts';
import { h, icon, setText } from '../shell/dom.ts';
import type { Notices } from '../shell/notices.ts';
import { ModelForm } from './model-form.ts';

/** What adding a model works with. */
export interface ModelAdderOptions {
  readonly client: Pick<SeparationClient, 'presets' | 'examine' | 'addModel'>;
  readonly notices: Notices;
  readonly chooseFiles: () => void;
  readonly chooseFolder: (() => void) | undefined;
  /** Ids of the built-in models, which a new model cannot have. */
  readonly taken: () => readonly string[];
  readonly onAdded: (entry: ModelEntry) => Promise<void>;
  /** Called when the form was closed without a model. */
  readonly onCancelled: () => void;
}

/** Adds a model: files or a folder are chosen, and then a form asks for what they leave open. */
export class ModelAdder {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: ModelAdderOptions;
  readonly #ways: HTMLElement;
  readonly #status = h('p', { class: 'model-status', role: 'status' });
  #said = () => '';
  /** Scope of the files that were chosen last. */
  #examining: Scope | undefined;
  #form: { readonly scope: Scope; readonly form: ModelForm; readonly signal: AbortSignal } | undefined;

  constructor(scope: Scope, i18n: I18n, options: ModelAdderOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const title = h('h3');
    const hint = h('p', { class: 'model-hint' });
    const files = h('button', { type: 'button', class: 'button', id: 'model-choose-files' }, icon('plus'), h('span'));
    const folder = h(
      'button',
      { type: 'button', class: 'button', id: 'model-choose-folder', hidden: options.chooseFolder === undefined },
      icon('folder'),
      h('span'),
    );
    scope.listen(files, 'click', options.chooseFiles);
    scope.listen(folder, 'click', () => options.chooseFolder?.());
    this.#ways = h('div', { class: 'model-ways' }, title, hint, h('div', { class: 'form-buttons' }, files, folder));
    this.element = h('div', { class: 'model-adding' }, this.#ways, this.#status);
    i18n.bind(scope, () => {
      setText(this.#status, this.#said());
      setText(title, i18n.t('models.add'));
      setText(hint, i18n.t('models.addHint'));
      setText(files.lastElementChild as HTMLElement, i18n.t('models.addFiles'));
      setText(folder.lastElementChild as HTMLElement, i18n.t('models.addFolder'));
    });
  }

  /** Examines the files of a new model, reports those that cannot be read, and opens the form. Never rejects. */
  async offer(offer: ModelOffer): Promise<void> {
    const { client, notices, onCancelled } = this.#options;
    notices.clearErrors();
    // An open form closes, and its conversion ends.
    this.#close();
    const scope = this.#scope.child();
    this.#examining = scope;
    const { files } = offer;
    const name = files.find((file) => file.name === 'manifest.json')?.name ?? files[0].name;
    this.#say(() => this.#i18n.t('models.examining', { name }));
    try {
      const [presets, examined] = await Promise.all([client.presets(), client.examine(files, scope.abortSignal())]);
      // Other files were chosen meanwhile.
      if (scope.disposed) return;
      const form = new ModelForm(scope, this.#i18n, {
        offer,
        examined,
        presets,
        add: (request) => void this.#add(request),
        cancel: () => {
          this.#close();
          onCancelled();
        },
      });
      this.#form = { scope, form, signal: scope.abortSignal() };
      this.#ways.hidden = true;
      this.element.append(form.element);
      form.element.scrollIntoView({ block: 'nearest' });
      form.focus();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    } finally {
      if (this.#examining === scope) this.#say(() => '');
    }
  }

  async #add(request: ImportRequest): Promise<void> {
    const { client, notices, taken, onAdded } = this.#options;
    const adding = this.#form;
    if (!adding) return;
    notices.clearErrors();
    adding.form.working(true);
    try {
      const entry = await client.addModel(request, taken(), adding.signal);
      if (this.#form === adding) this.#close();
      await onAdded(entry);
    } catch (error) {
      if (!adding.signal.aborted) notices.thrown(error);
    } finally {
      if (this.#form === adding) adding.form.working(false);
    }
  }

  #say(said: () => string): void {
    this.#said = said;
    setText(this.#status, said());
  }

  #close(): void {
    this.#examining?.dispose();
    this.#form = undefined;
    this.#ways.hidden = false;
  }
}
