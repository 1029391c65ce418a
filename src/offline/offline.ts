import { messageSW, Workbox } from 'workbox-window';
import type { Scope } from '../core/scope.ts';
import { RENEW, type RenewAnswer } from './renew.ts';

/** Least time between two looks for a new version while the page stays open. */
const LOOK_AGAIN_MS = 3_600_000;

export interface OfflineEvents {
  /** From now on the page opens without a network. Told once, at the first visit. */
  readonly onReady: () => void;
  /**
   * A new version is there. `apply` reloads the page with it, or does nothing and gives `others` where the page is open in
   * another window, too: nothing may be taken away from under that.
   */
  readonly onUpdate: (apply: () => Promise<RenewAnswer>) => void;
}

/**
 * Registers the service worker, which keeps the page for use without a network. Does nothing where the browser has none
 * (a page from http, a private window), and while developing.
 */
export async function keepOffline(scope: Scope, { onReady, onUpdate }: OfflineEvents): Promise<void> {
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return;
  const workbox = new Workbox('./service-worker.js');
  workbox.addEventListener('activated', (event) => {
    if (!event.isUpdate && !event.isExternal) onReady();
  });
  workbox.addEventListener('waiting', ({ sw }) =>
    onUpdate(async () => {
      const reload = () => location.reload();
      workbox.addEventListener('controlling', reload);
      // A still newer version may have taken its place since: Workbox tells of the first one only.
      const waiting = (await navigator.serviceWorker.getRegistration())?.waiting ?? sw!;
      const answer: RenewAnswer = await messageSW(waiting, { type: RENEW });
      if (answer === 'others') workbox.removeEventListener('controlling', reload);
      return answer;
    }),
  );
  let looked = performance.now();
  scope.listen(document, 'visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - looked < LOOK_AGAIN_MS) return;
    looked = performance.now();
    // Without a network there is nothing new.
    workbox.update().catch(() => undefined);
  });
  try {
    await workbox.register();
  } catch {
    // Forbidden by the browser's settings: the page works with the network.
  }
}

/** Files that the installed page was opened with (File Handling API). */
export function onLaunchFiles(take: (files: readonly File[]) => void): void {
  const { launchQueue } = window as unknown as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files }) => {
    if (files?.length) take(await Promise.all(files.map((handle) => handle.getFile())));
  });
}

/** Of the File Handling API, which TypeScript does not know. */
interface LaunchQueue {
  setConsumer(consumer: (params: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}
