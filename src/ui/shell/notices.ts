import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setText } from './dom.ts';

/** A note disappears after so many seconds; an error stays until it is closed. */
const NOTE_SECONDS = 10;

/** A text in the page's language, computed again when the language changes. */
type Said = () => string;

/** Messages at the edge of the page: errors, and notes such as a change of backend. */
export class Notices {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  #error: Scope | undefined;

  constructor(scope: Scope, i18n: I18n) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.element = h('div', { class: 'notices' });
  }

  /** Shows what happened and what to do. Replaces an earlier error. */
  error(message: Said, hint: Said): void {
    this.clearErrors();
    this.#error = this.#show('error', message, hint);
  }

  /** Shows anything thrown, or an error's message; see I18n.error. */
  thrown(error: unknown, also: Said = () => ''): void {
    this.error(
      () => this.#i18n.error(error).message,
      () => `${this.#i18n.error(error).hint} ${also()}`.trim(),
    );
  }

  /** Shows a note that needs no answer. */
  note(message: Said): void {
    const scope = this.#show('note', message);
    scope.timeout(() => scope.dispose(), 1000 * NOTE_SECONDS);
  }

  /**
   * Offers an action, which the person may take or leave.
   * @returns withdraws the offer
   */
  offer(message: Said, action: Said, act: () => void): () => void {
    const button = h('button', { type: 'button', class: 'button' });
    const scope = this.#show('note', message, undefined, button);
    this.#i18n.bind(scope, () => setText(button, action()));
    scope.listen(button, 'click', () => {
      scope.dispose();
      act();
    });
    return () => scope.dispose();
  }

  /** Removes the error, since a new song is being opened. */
  clearErrors(): void {
    this.#error?.dispose();
  }

  #show(kind: 'error' | 'note', message: Said, hint?: Said, ...rest: readonly HTMLElement[]): Scope {
    const scope = this.#scope.child();
    const close = h('button', { type: 'button', class: 'icon-button' }, icon('close'));
    const said = h('strong');
    const then = h('span');
    const box = h(
      'div',
      { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
      h('p', {}, said, ' ', then, ...rest),
      close,
    );
    this.#i18n.bind(scope, () => {
      setText(said, message());
      if (hint) setText(then, hint());
      close.setAttribute('aria-label', this.#i18n.t('notice.close'));
    });
    scope.listen(close, 'click', () => scope.dispose());
    scope.add(() => box.remove());
    this.element.append(box);
    return scope;
  }
}
