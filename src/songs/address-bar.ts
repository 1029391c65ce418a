import type { Scope } from '../core/scope.ts';

/** The part of the page's address from “#” on, and the history of the window; tests pass their own. */
export interface AddressBar {
  /** With “#”; empty: there is none. */
  readonly hash: string;
  /** Goes to another address as a new entry of the history. `onMove` is not called. */
  push(hash: string): void;
  /** Puts another address in place of the present one. `onMove` is not called. */
  replace(hash: string): void;
  /** Calls back when the person has gone to another address. */
  onMove(callback: () => void): void;
}

/** The address bar of a page. */
export function browserAddress(scope: Scope): AddressBar {
  const whole = (hash: string) => `${location.pathname}${location.search}${hash}`;
  return {
    get hash() {
      return location.hash;
    },
    push: (hash) => history.pushState(null, '', whole(hash)),
    replace: (hash) => history.replaceState(null, '', whole(hash)),
    onMove: (callback) => scope.listen(window, 'hashchange', callback),
  };
}
