import type { Scope } from '../core/scope.ts';

/** A device as the browser names it; without a permission `deviceId` and `groupId` are empty. */
export type DeviceFacts = Pick<MediaDeviceInfo, 'kind' | 'deviceId'>;

/** The player as the output watcher sees it. */
export interface Watched {
  readonly context: AudioContext;
  /** Whether playback was requested. */
  readonly playing: () => boolean;
  readonly pause: () => void;
  /** Called when the state of the output may have changed. */
  readonly changed: () => void;
  /** Reports new and removed devices; undefined in browsers without it and on pages without https. */
  readonly devices: (EventTarget & Pick<MediaDevices, 'enumerateDevices'>) | undefined;
}

/**
 * Whether the output device may be gone. Browsers name devices only to pages that may use the microphone; for other
 * pages the lists before and after are equal. Then pausing is safer, as on a phone: to continue costs one key, but
 * sound from the loudspeaker cannot be undone.
 */
export function outputLost(before: readonly DeviceFacts[], after: readonly DeviceFacts[]): boolean {
  const outputs = (devices: readonly DeviceFacts[]) => devices.filter(({ kind }) => kind === 'audiooutput');
  const [was, is] = [outputs(before), outputs(after)];
  if (was.some(({ deviceId }) => deviceId)) {
    return was.some(({ deviceId }) => !is.some((device) => device.deviceId === deviceId));
  }
  if (is.length !== was.length) return is.length < was.length;
  const cameras = (devices: readonly DeviceFacts[]) => devices.filter(({ kind }) => kind === 'videoinput').length;
  // A camera that was added or removed explains the change.
  return cameras(before) === cameras(after);
}

/**
 * Watches the output until the scope ends: pauses when headphones are unplugged, resumes after sleep, a call, or a
 * browser that suspended the audio, and checks again when the page becomes visible.
 */
export function watchOutput(scope: Scope, watched: Watched): void {
  const { context, devices } = watched;
  const goOn = () => {
    if (!watched.playing() || context.state === 'running' || context.state === 'closed') return;
    // Refused until the user interacts with the page; the next check tries again.
    context.resume().then(watched.changed, watched.changed);
  };
  scope.listen(context, 'statechange', () => {
    watched.changed();
    // While it is interrupted (a call, another app), resuming is refused; its end comes as another change.
    if ((context.state as string) !== 'interrupted') goOn();
  });
  const look = () => {
    if (document.visibilityState === 'hidden') return;
    goOn();
    watched.changed();
  };
  scope.listen(document, 'visibilitychange', look);
  scope.listen(window, 'pageshow', look);
  scope.listen(window, 'focus', look);
  scope.listen(document, 'pointerdown', goOn);
  scope.listen(document, 'keydown', goOn);
  if (!devices) return;
  let known: Promise<readonly DeviceFacts[]> = devices.enumerateDevices().catch(() => []);
  scope.listen(devices, 'devicechange', () => {
    const before = known;
    known = devices.enumerateDevices().catch(() => []);
    Promise.all([before, known])
      .then(([was, is]) => {
        if (!scope.disposed && watched.playing() && outputLost(was, is)) watched.pause();
      })
      .catch(() => undefined);
  });
}

/** A context at the song's sample rate; at the device's own rate if that is refused. */
export function openContext(sampleRate: number): AudioContext {
  try {
    return new AudioContext({ sampleRate, latencyHint: 'interactive' });
  } catch {
    return new AudioContext({ latencyHint: 'interactive' });
  }
}
