import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { keepOffline } from '../../offline/offline.ts';
import type { RenewAnswer } from '../../offline/renew.ts';
import type { Notices } from './notices.ts';

export interface OfflineNoticesOptions {
  readonly notices: Notices;
  /** Ends when the engine has its model: what is kept for use without a network must not be in its way. */
  readonly engineReady: () => Promise<unknown>;
  /** A song is being opened or separated. */
  readonly busy: () => boolean;
  /** Nothing is opened, separated or playing. */
  readonly quiet: () => boolean;
  /** A song is there that a reload would lose. */
  readonly songOpen: () => boolean;
}

/**
 * Keeps the page for use without a network, and says so once; tells of a new version when nothing is opened, separated or
 * playing, and takes that back while a song is opened or separated. It comes when the person says so, never by itself.
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

  // Without a model nothing works without a network: it says that it does when both are there.
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
