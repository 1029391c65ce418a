import { store, stored } from '../core/browser-storage.ts';
import type { Scope } from '../core/scope.ts';
import { storageEstimate } from '../core/storage-estimate.ts';

/** Functions of the browser that the songs need; tests pass their own. */
export interface SongEnvironment {
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Calls back once after `milliseconds`; returns the way to stop that. */
  readonly timeout: (callback: () => void, milliseconds: number) => () => void;
  readonly newId: () => string;
  /** Reads a setting that outlives the visit and is shared with other pages. */
  readonly readSetting: (name: string) => string | undefined;
  readonly writeSetting: (name: string, value: string) => void;
  /** Calls back when another page has written a setting. */
  readonly onOthersSetting: (callback: (name: string) => void) => void;
  /** Calls back when the page is hidden: it may be closed next. */
  readonly onHidden: (callback: () => void) => void;
  /** Undefined where the browser has none. */
  readonly locks: Pick<LockManager, 'request'> | undefined;
  /** Bytes that the browser gives the page, and that it has taken; empty where it does not say. Never rejects. */
  readonly estimate: () => Promise<StorageEstimate>;
  /** Asks the browser for persistent storage. Never rejects. */
  readonly persist: () => Promise<void>;
}

/** The environment of a page. */
export function browserEnvironment(scope: Scope): SongEnvironment {
  return {
    now: () => performance.now(),
    timeout: (callback, milliseconds) => scope.timeout(callback, milliseconds),
    newId: () => crypto.randomUUID(),
    readSetting: stored,
    writeSetting: store,
    onOthersSetting: (callback) => {
      scope.listen(window, 'storage', ({ key }) => {
        if (key !== null) callback(key);
      });
    },
    onHidden: (callback) => {
      scope.listen(document, 'visibilitychange', () => {
        if (document.hidden) callback();
      });
    },
    locks: navigator.locks as LockManager | undefined,
    estimate: storageEstimate,
    persist: async () => {
      try {
        if (!(await navigator.storage.persisted())) await navigator.storage.persist();
      } catch {
        // Not in this browser.
      }
    },
  };
}
