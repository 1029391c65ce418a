import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ResultChoice } from '../../songs/result-choice.ts';
import type { SongResult } from '../../songs/song-results.ts';
import { h, setText } from '../shell/dom.ts';
import { type ModelTitle, resultNames } from './result-names.ts';

/** Value of the choice that is no result. */
const DIFFERENCE = 'difference';

/**
 * The switch between the results of a song: “Best · Fast · Difference”, and a line that says what the difference is.
 * Hidden where there is one result.
 */
export class ResultSwitch {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #choice: ResultChoice;
  readonly #titleOf: ModelTitle;
  readonly #group = h('div', { class: 'segments', role: 'radiogroup' });
  readonly #note = h('p', { class: 'results-note', role: 'status' });
  readonly #options = new Map<string, { readonly label: HTMLElement; readonly radio: HTMLInputElement }>();

  constructor(scope: Scope, i18n: I18n, choice: ResultChoice, titleOf: ModelTitle) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#choice = choice;
    this.#titleOf = titleOf;
    this.element = h('div', { class: 'results', hidden: true }, this.#group, this.#note);
    scope.add(choice.on('change', () => this.show()));
    i18n.bind(scope, () => this.show());
  }

  /** Names of the results that are heard and subtracted; undefined: no difference is heard. */
  get difference(): { readonly of: string; readonly minus: string } | undefined {
    const { shown, minus } = this.#choice;
    if (!shown || !minus) return undefined;
    const names = this.#names;
    return { of: names.get(shown.id) ?? '', minus: names.get(minus.id) ?? '' };
  }

  /** Whether the keyboard is on it. */
  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  focus(): void {
    this.#options.get(this.#chosen ?? '')?.radio.focus({ preventScroll: true });
  }

  /** Shows the results and which one is heard. */
  show(): void {
    const { results, comparable } = this.#choice;
    const names = this.#names;
    this.element.hidden = results.length < 2;
    this.#group.setAttribute('aria-label', this.#i18n.t('results.switch'));
    const values = [...results.map(({ id }) => id), ...(comparable ? [DIFFERENCE] : [])];
    for (const value of values) {
      const label = this.#optionOf(value).label.lastElementChild as HTMLElement;
      setText(label, names.get(value) ?? this.#i18n.t('results.difference'));
    }
    const labels = values.flatMap((value) => this.#options.get(value)?.label ?? []);
    if (labels.some((label, n) => this.#group.children[n] !== label) || labels.length !== this.#group.children.length) {
      this.#group.replaceChildren(...labels);
    }
    for (const [value, { radio }] of this.#options) {
      radio.checked = value === this.#chosen;
      if (!values.includes(value)) this.#options.delete(value);
    }
    const difference = this.difference;
    setText(this.#note, difference ? this.#i18n.t('results.heard', difference) : '');
  }

  get #chosen(): string | undefined {
    return this.#choice.minus ? DIFFERENCE : this.#choice.shown?.id;
  }

  get #names(): ReadonlyMap<string, string> {
    const { results } = this.#choice;
    const names = resultNames(results, this.#titleOf, this.#i18n);
    return new Map(results.map(({ id }: SongResult, n) => [id, names[n]]));
  }

  #optionOf(value: string): { readonly label: HTMLElement } {
    const known = this.#options.get(value);
    if (known) return known;
    const radio = h('input', { type: 'radio', name: 'result', value, class: 'visually-hidden' });
    const option = { label: h('label', { class: 'quality-option' }, radio, h('span')), radio };
    this.#scope.listen(radio, 'change', () => {
      if (value === DIFFERENCE) void this.#choice.hearDifference();
      else this.#choice.choose(value);
    });
    this.#options.set(value, option);
    return option;
  }
}
