import type { AudioShape, ExportFormat } from '../../audio/encode/formats.ts';
import { megabytes } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { batchBytes } from '../../player/export/run-batch-export.ts';
import type { BatchExport } from '../../songs/batch-export.ts';
import { FormatSelect } from '../player/format-select.ts';
import { h, icon, setAvailable, setText } from '../shell/dom.ts';
import { batchExportText } from './batch-export-text.ts';

/** What a person does with the songs that are chosen in the list. */
export interface BatchExportActions {
  /** Chooses all songs, or none. */
  readonly chooseAll: (on: boolean) => void;
  readonly save: (format: ExportFormat) => void;
  readonly remove: () => void;
}

/** What is chosen. */
export interface BatchExportFacts {
  /** Songs of the list. */
  readonly total: number;
  readonly chosen: number;
  /** Those of the chosen that are separated, and so can be saved. */
  readonly ready: readonly AudioShape[];
}

/** Chooses songs of the list, and does with all of them what is done with one: saving their stems, and removing them. */
export class BatchExportPanel {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #batch: BatchExport;
  readonly #actions: BatchExportActions;
  readonly #formats: FormatSelect;
  readonly #all = h('input', { type: 'checkbox', id: 'choose-all' });
  readonly #allWord = h('span');
  readonly #count = h('span', { class: 'batch-count' });
  readonly #as = h('label', { class: 'save-as', for: 'batch-format' });
  readonly #size = h('span', { class: 'save-size' });
  readonly #save = h('button', { type: 'button', class: 'button small', id: 'batch-save' }, icon('save'), h('span'));
  readonly #remove = h(
    'button',
    { type: 'button', class: 'button small', id: 'batch-remove' },
    icon('trash'),
    h('span'),
  );
  readonly #tools: HTMLElement;
  readonly #left = h('p', { class: 'batch-left' });
  readonly #asked = h('p', { id: 'batch-asked' });
  readonly #yes = h('button', { type: 'button', class: 'button small danger', id: 'batch-remove-yes' });
  readonly #no = h('button', { type: 'button', class: 'button small', id: 'batch-remove-no' });
  readonly #question: HTMLElement;
  readonly #bar = h('progress', { class: 'save-bar', max: 1, value: 0 });
  readonly #percent = h('span', { class: 'save-percent' });
  readonly #cancel = h('button', { type: 'button', class: 'button small', id: 'batch-cancel' });
  readonly #work: HTMLElement;
  readonly #status = h('p', { class: 'save-status', id: 'batch-status', role: 'status' });
  #facts: BatchExportFacts = { total: 0, chosen: 0, ready: [] };
  /** More songs were chosen since: what was said is over. */
  #over = false;

  constructor(scope: Scope, i18n: I18n, batch: BatchExport, actions: BatchExportActions) {
    this.#i18n = i18n;
    this.#batch = batch;
    this.#actions = actions;
    this.#formats = new FormatSelect(scope, i18n, 'batch-format');
    this.#tools = h(
      'div',
      { class: 'batch-tools' },
      h('div', { class: 'batch-as' }, this.#as, this.#formats.element, this.#size),
      h('div', { class: 'batch-buttons' }, this.#save, this.#remove),
    );
    this.#question = h(
      'div',
      { class: 'batch-question', role: 'group', 'aria-labelledby': this.#asked.id, hidden: true },
      this.#asked,
      h('div', { class: 'form-buttons' }, this.#yes, this.#no),
    );
    this.#work = h('div', { class: 'save-work', hidden: true }, this.#bar, this.#percent, this.#cancel);
    this.element = h(
      'div',
      { class: 'batch', role: 'group', hidden: true },
      h('div', { class: 'batch-head' }, h('label', { class: 'batch-all' }, this.#all, this.#allWord), this.#count),
      this.#tools,
      this.#left,
      this.#question,
      this.#work,
      this.#status,
    );
    this.#listen(scope);
    scope.add(
      batch.on('change', () => {
        this.#over = false;
        this.#draw();
      }),
    );
    i18n.bind(scope, () => this.#draw());
  }

  /** Shows what is chosen. */
  show(facts: BatchExportFacts): void {
    // What the question asked about is another set of songs now.
    if (facts.chosen !== this.#facts.chosen && !this.#question.hidden) this.#ask(false);
    if (facts.chosen > this.#facts.chosen) this.#over = true;
    this.#facts = facts;
    this.#draw();
  }

  /** Whether songs are being saved. */
  get busy(): boolean {
    return this.#batch.state.kind === 'saving';
  }

  /** Puts the keyboard here: the song that had it is gone. */
  focus(): void {
    this.#all.focus();
  }

  #listen(scope: Scope): void {
    scope.listen(this.#all, 'change', () => this.#actions.chooseAll(this.#all.checked));
    scope.listen(this.#formats.element, 'change', () => this.#draw());
    scope.listen(this.#save, 'click', () => {
      if (!this.busy && this.#facts.ready.length > 0) this.#actions.save(this.#formats.value);
    });
    scope.listen(this.#cancel, 'click', () => this.#batch.cancel());
    scope.listen(this.#remove, 'click', () => this.#ask(true));
    scope.listen(this.#no, 'click', () => this.#ask(false));
    scope.listen(this.#yes, 'click', () => {
      this.#question.hidden = true;
      this.#all.focus();
      this.#actions.remove();
    });
    scope.listen(this.#question, 'keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#ask(false);
    });
  }

  #ask(on: boolean): void {
    const focused = this.#question.contains(document.activeElement);
    this.#question.hidden = !on;
    if (on) this.#no.focus();
    else if (focused) (this.#tools.hidden ? this.#all : this.#remove).focus();
  }

  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const { total, chosen, ready } = this.#facts;
    const working = this.busy;
    this.element.setAttribute('aria-label', t('batch.region'));
    this.#all.checked = chosen > 0 && chosen === total;
    this.#all.indeterminate = chosen > 0 && chosen < total;
    setText(this.#allWord, t('batch.all'));
    setText(this.#count, chosen > 0 ? t('batch.count', { count: chosen, total }) : '');
    this.#tools.hidden = chosen === 0;
    setText(this.#as, t('save.format'));
    this.#formats.show(ready);
    const bytes = batchBytes({ format: this.#formats.value, songs: ready.map((shape) => ({ ...shape, name: '' })) });
    setText(this.#size, ready.length > 0 ? t('batch.size', { size: megabytes(bytes) }) : '');
    setText(this.#save.lastElementChild as HTMLElement, t('batch.save'));
    setAvailable(this.#save, !working && ready.length > 0);
    setText(this.#remove.lastElementChild as HTMLElement, t('batch.remove'));
    const left = chosen - ready.length;
    this.#left.hidden = left === 0;
    setText(this.#left, left === 0 ? '' : t(ready.length > 0 ? 'batch.left' : 'batch.none', { count: left }));
    setText(this.#asked, t('batch.removeAsk', { count: chosen }));
    setText(this.#yes, t('batch.removeYes'));
    setText(this.#no, t('batch.removeNo'));
    const focused = this.#work.contains(document.activeElement);
    this.#work.hidden = !working;
    // The button that had the focus is gone: the keyboard goes on from here.
    if (focused && !working) (this.#tools.hidden ? this.#all : this.#save).focus();
    const { state } = this.#batch;
    const part = state.kind === 'saving' ? state.part : 0;
    this.#bar.value = part;
    this.#bar.setAttribute('aria-label', t('save.progress'));
    setText(this.#percent, `${Math.floor(100 * part)} %`);
    setText(this.#cancel, t('save.cancel'));
    setText(this.#status, this.#over ? '' : batchExportText(state, this.#i18n));
  }
}
