import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setText } from './dom.ts';

/** Seconds for which a note stays; an error stays until it is closed. */
const NOTE_SECONDS = 10;

/** A text in the page's language, which may change while it is shown. */
type Said = () => string;

/** Sentences that come up at the edge of the page: errors, and notes such as a change of backend. */
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

  /** Says what happened and what to do. An earlier error gives way: it has been answered by another try. */
  error(message: Said, hint: Said): void {
    this.clearErrors();
    this.#error = this.#show('error', message, hint);
  }

  /** The same for anything thrown, or for an error's message; see I18n.error. */
  thrown(error: unknown, also: Said = () => ''): void {
    this.error(
      () => this.#i18n.error(error).message,
      () => `${this.#i18n.error(error).hint} ${also()}`.trim(),
    );
  }

  /** Tells something that needs no answer. */
  note(message: Said): void {
    const scope = this.#show('note', message);
    scope.timeout(() => scope.dispose(), 1000 * NOTE_SECONDS);
  }

  /**
   * Offers something that the person may do or leave; stays until either.
   * @returns takes the offer back
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

  /** Takes the errors away: a new song is being opened. */
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
