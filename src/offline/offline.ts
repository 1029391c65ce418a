import type { Scope } from '../core/scope.ts';
import { RENEW, type RenewAnswer } from './renew.ts';

/** Least time between two checks for a new version while the page stays open, milliseconds. */
const LOOK_AGAIN_MS = 3_600_000;

export interface OfflineEvents {
  /** Called once, at the first visit: from now on the page opens without a network. */
  readonly onReady: () => void;
  /**
   * Called when there is a new version. `apply` reloads the page with it. If the page is open in another window, it
   * does nothing and returns `others`: that window still needs the old files.
   */
  readonly onUpdate: (apply: () => Promise<RenewAnswer>) => void;
}

/**
 * Registers the service worker, which stores the page for offline use. Does nothing during development, or if the
 * browser has no service workers (a page from http, a private window).
 */
export async function keepOffline(scope: Scope, { onReady, onUpdate }: OfflineEvents): Promise<void> {
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return;
  // Not in the page's first download; without it the page works online only.
  const module = await import('workbox-window').catch(() => undefined);
  if (!module || scope.disposed) return;
  const { messageSW, Workbox } = module;
  const workbox = new Workbox('./service-worker.js');
  workbox.addEventListener('activated', (event) => {
    if (!event.isUpdate && !event.isExternal) onReady();
  });
  workbox.addEventListener('waiting', ({ sw }) =>
    onUpdate(async () => {
      const reload = () => location.reload();
      workbox.addEventListener('controlling', reload);
      // A still newer version may have replaced it: Workbox reports only the first one.
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
    // Offline, there is nothing new.
    workbox.update().catch(() => undefined);
  });
  try {
    await workbox.register();
  } catch {
    // The browser's settings forbid it: the page works online only.
  }
}

/** Passes on the files that the installed page was opened with (File Handling API). */
export function onLaunchFiles(take: (files: readonly File[]) => void): void {
  const { launchQueue } = window as unknown as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files }) => {
    if (files?.length) take(await Promise.all(files.map((handle) => handle.getFile())));
  });
}

/** Part of the File Handling API, which TypeScript does not know. */
interface LaunchQueue {
  setConsumer(consumer: (params: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}
