import { UnsungError } from '../errors.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { Scope } from '../scope.ts';
import { h, icon } from './dom.ts';

/** Seconds for which a note stays; an error stays until it is closed. */
const NOTE_SECONDS = 10;

/** Sentences that come up at the edge of the page: errors, and notes such as a change of backend. */
export class Notices {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;

  constructor(scope: Scope, i18n: I18n) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.element = h('div', { class: 'notices' });
  }

  /** Says what happened and what to do. An earlier error gives way: it has been answered by another try. */
  error(message: string, hint: string): void {
    this.clearErrors();
    this.#show('error', message, hint);
  }

  /** The same for anything thrown; what the page did not expect is said as such. */
  thrown(error: unknown, also = ''): void {
    if (error instanceof UnsungError) {
      const hint = this.#i18n.sentence(error.hint);
      this.error(this.#i18n.sentence(error.message), also ? `${hint} ${also}` : hint);
      return;
    }
    const detail = error instanceof Error ? error.message : String(error);
    this.error(this.#i18n.t('notice.unknown'), this.#i18n.t('notice.unknownHint', { detail }));
  }

  /** Tells something that needs no answer. */
  note(message: string): void {
    const scope = this.#show('note', message, '');
    scope.timeout(() => scope.dispose(), 1000 * NOTE_SECONDS);
  }

  /**
   * Offers something that the person may do or leave; stays until either.
   * @returns takes the offer back
   */
  offer(message: string, action: string, act: () => void): () => void {
    const scope = this.#show('note', message, '');
    const button = h('button', { type: 'button', class: 'button' }, action);
    scope.listen(button, 'click', () => {
      scope.dispose();
      act();
    });
    this.element.lastElementChild?.querySelector('p')?.append(' ', button);
    return () => scope.dispose();
  }

  /** Takes the errors away: a new song is being opened. */
  clearErrors(): void {
    for (const old of this.element.querySelectorAll('.notice.error')) old.remove();
  }

  #show(kind: 'error' | 'note', message: string, hint: string): Scope {
    const scope = this.#scope.child();
    const close = h('button', { type: 'button', class: 'icon-button' }, icon('close'));
    const box = h(
      'div',
      { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
      h('p', {}, h('strong', {}, message), hint ? ` ${hint}` : ''),
      close,
    );
    this.#i18n.bind(scope, () => close.setAttribute('aria-label', this.#i18n.t('notice.close')));
    scope.listen(close, 'click', () => scope.dispose());
    scope.add(() => box.remove());
    this.element.append(box);
    return scope;
  }
}
