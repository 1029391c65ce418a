import type { Scope } from '../core/scope.ts';

/** A device as the browser names it; without a permission `deviceId` and `groupId` are empty. */
export type DeviceFacts = Pick<MediaDeviceInfo, 'kind' | 'deviceId'>;

/** What is watched over and what is done about it. */
export interface Watched {
  readonly context: AudioContext;
  /** The person wants it to play. */
  readonly playing: () => boolean;
  readonly pause: () => void;
  /** What is heard and how must be looked at again. */
  readonly changed: () => void;
  /** Where devices come and go; browsers without it, and pages without https, have none. */
  readonly devices: (EventTarget & Pick<MediaDevices, 'enumerateDevices'>) | undefined;
}

/**
 * Whether the output that played may be gone. Browsers name devices only to pages that may use the microphone; to
 * others the lists look the same before and after. Then silence is the safer guess, as on a phone: a song that stops
 * costs a key, one that goes on from the loudspeaker cannot be taken back.
 */
export function outputLost(before: readonly DeviceFacts[], after: readonly DeviceFacts[]): boolean {
  const outputs = (devices: readonly DeviceFacts[]) => devices.filter(({ kind }) => kind === 'audiooutput');
  const [was, is] = [outputs(before), outputs(after)];
  if (was.some(({ deviceId }) => deviceId)) {
    return was.some(({ deviceId }) => !is.some((device) => device.deviceId === deviceId));
  }
  if (is.length !== was.length) return is.length < was.length;
  const cameras = (devices: readonly DeviceFacts[]) => devices.filter(({ kind }) => kind === 'videoinput').length;
  // A camera that came or went explains the change.
  return cameras(before) === cameras(after);
}

/**
 * Keeps a player honest about its output until the scope ends: pauses when headphones are unplugged, goes on after
 * sleep, a call, or a browser that put the audio to rest, and looks again when the page comes back to the front.
 */
export function watchOutput(scope: Scope, watched: Watched): void {
  const { context, devices } = watched;
  const goOn = () => {
    if (!watched.playing() || context.state === 'running' || context.state === 'closed') return;
    // Refused until the person touches the page: then the next look tries again.
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
