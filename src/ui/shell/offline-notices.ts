import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { keepOffline } from '../../offline/offline.ts';
import type { RenewAnswer } from '../../offline/renew.ts';
import type { Notices } from './notices.ts';

export interface OfflineNoticesOptions {
  readonly notices: Notices;
  /** Settles when the engine has its model: storing the page for offline use must not slow that down. */
  readonly engineReady: () => Promise<unknown>;
  /** A song is being opened or separated. */
  readonly busy: () => boolean;
  /** No song is opened, separated or played. */
  readonly quiet: () => boolean;
  /** A reload would lose a song. */
  readonly songOpen: () => boolean;
}

/**
 * Stores the page for offline use, and says so once. Offers a new version while no song is opened, separated or played,
 * and withdraws the offer while one is opened or separated. The update happens only when the person asks for it.
 *
 * @returns to be called when `busy`, `quiet` or `songOpen` may have changed
 */
export function offlineNotices(scope: Scope, i18n: I18n, options: OfflineNoticesOptions): () => void {
  const { notices, engineReady, busy, quiet, songOpen } = options;
  let apply: (() => Promise<RenewAnswer>) | undefined;
  let withdraw: (() => void) | undefined;

  const offer = (renew: () => Promise<RenewAnswer>) => {
    const lost = songOpen();
    return notices.offer(
      () => (lost ? `${i18n.t('offline.update')} ${i18n.t('offline.songLost')}` : i18n.t('offline.update')),
      () => i18n.t('offline.reload'),
      async () => {
        if ((await renew()) === 'coming') return;
        notices.note(() => i18n.t('offline.others'));
        withdraw = undefined;
        changed();
      },
    );
  };
  const changed = () => {
    if (busy()) {
      withdraw?.();
      withdraw = undefined;
    } else if (apply && !withdraw && quiet()) withdraw = offer(apply);
  };

  // Without a model, nothing works offline: the page says that it is ready when both are stored.
  const engine = engineReady().then(
    () => true,
    () => false,
  );
  void engine.then(() =>
    keepOffline(scope, {
      onReady: async () => {
        if (await engine) notices.note(() => i18n.t('offline.ready'));
      },
      onUpdate: (renew) => {
        withdraw?.();
        withdraw = undefined;
        apply = renew;
        changed();
      },
    }),
  );
  return changed;
}
