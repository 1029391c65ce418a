import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { choiceText, DEFAULT_MODEL, isSameModel } from '../../separation/model-choice.ts';
import type { ModelChoice, ModelEntry } from '../../separation/separation-client.ts';
import { h, setText } from '../shell/dom.ts';
import { modelFacts, modelTitle } from './model-texts.ts';

/** What a person does with the list. */
export interface ListActions {
  readonly choose: (entry: ModelEntry) => void;
  readonly remove: (entry: ModelEntry) => void;
}

/**
 * The models to choose from, each with its facts. A person can remove the models that he or she added, after a
 * question.
 */
export class ModelList {
  readonly element = h('div', { class: 'model-list', role: 'radiogroup' });
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #actions: ListActions;
  #entries: readonly ModelEntry[] | undefined;
  #chosen: ModelChoice | undefined;
  /** The model whose removal is asked about. */
  #asked: string | undefined;
  #rows: Scope;

  constructor(scope: Scope, i18n: I18n, actions: ListActions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#actions = actions;
    this.#rows = scope.child();
    i18n.bind(scope, () => this.#draw());
  }

  /** Shows the models; undefined: they are still being looked for. */
  show(entries: readonly ModelEntry[] | undefined, chosen: ModelChoice): void {
    this.#entries = entries;
    this.#chosen = chosen;
    this.#draw();
  }

  /** The focused element keeps the focus. */
  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    this.element.setAttribute('aria-label', t('models.choose'));
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : undefined;
    this.#rows.dispose();
    this.#rows = this.#scope.child();
    if (!this.#entries) this.element.replaceChildren(h('p', { class: 'model-wait' }, t('models.loadingList')));
    else this.element.replaceChildren(...this.#entries.map((entry, n) => this.#row(entry, n)));
    if (focused) document.getElementById(focused)?.focus();
  }

  #row(entry: ModelEntry, index: number): HTMLElement {
    const title = modelTitle(entry, this.#i18n.language);
    const chosen = isSameModel(entry, this.#chosen);
    const radio = h('input', {
      type: 'radio',
      name: 'model',
      value: choiceText(entry),
      id: `model-choice-${index}`,
      disabled: entry.fault !== undefined,
    });
    radio.checked = chosen;
    this.#rows.listen(radio, 'change', () => this.#actions.choose(entry));
    const words = h(
      'span',
      { class: 'model-words' },
      h('span', { class: 'model-title' }, title),
      h('span', { class: 'model-facts' }, modelFacts(this.#i18n, entry)),
      h('span', { class: 'model-notes' }, ...this.#notes(entry)),
    );
    const row = h(
      'div',
      { class: chosen ? 'model chosen' : 'model', 'data-model': choiceText(entry) },
      h('label', { class: 'model-choice' }, radio, words),
    );
    if (entry.origin === 'kept') row.append(this.#removal(entry, index, title));
    return row;
  }

  #notes(entry: ModelEntry): readonly Node[] {
    const t = this.#i18n.t.bind(this.#i18n);
    const where =
      entry.origin === 'built-in' ? 'models.builtIn' : entry.lasts === 'browser' ? 'models.kept' : 'models.thisVisit';
    const place = h('span', { class: entry.lasts === 'page' ? 'badge warn' : 'badge' }, t(where));
    const isDefault = isSameModel(entry, DEFAULT_MODEL);
    const first = isDefault ? [h('span', { class: 'badge' }, t('models.default'))] : [];
    if (entry.fault === undefined) return [...first, place];
    return [
      h('span', { class: 'badge damaged' }, t('models.damaged')),
      h('span', { class: 'model-fault' }, this.#i18n.message(entry.fault)),
    ];
  }

  #removal(entry: ModelEntry, index: number, title: string): HTMLElement {
    const t = this.#i18n.t.bind(this.#i18n);
    const key = choiceText(entry);
    const button = (name: string, text: string, act: () => void, kind = '') => {
      const element = h(
        'button',
        { type: 'button', class: `button small ${kind}`, id: `model-${name}-${index}` },
        text,
      );
      this.#rows.listen(element, 'click', act);
      return element;
    };
    if (this.#asked !== key) {
      const remove = button('remove', t('models.remove'), () => this.#ask(key, `model-keep-${index}`), 'model-remove');
      remove.setAttribute('aria-label', t('models.removeLabel', { title }));
      return remove;
    }
    const question = h('p', { id: `model-question-${index}` });
    setText(question, t('models.removeAsk', { title }));
    const yes = button(
      'yes',
      t('models.removeYes'),
      () => {
        this.#asked = undefined;
        this.#actions.remove(entry);
      },
      'danger',
    );
    const no = button('keep', t('models.removeNo'), () => this.#ask(undefined, `model-remove-${index}`));
    return h(
      'div',
      { class: 'model-question', role: 'group', 'aria-labelledby': question.id },
      question,
      h('div', { class: 'form-buttons' }, yes, no),
    );
  }

  #ask(key: string | undefined, focus: string): void {
    this.#asked = key;
    this.#draw();
    document.getElementById(focus)?.focus();
  }
}
