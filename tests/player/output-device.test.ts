import { describe, expect, test, vi } from 'vitest';
import { Scope } from '../../src/core/scope.ts';
import { type DeviceFacts, outputLost, watchOutput } from '../../src/player/output-device.ts';

const output = (deviceId: string): DeviceFacts => ({ kind: 'audiooutput', deviceId });
const camera: DeviceFacts = { kind: 'videoinput', deviceId: '' };

describe('outputLost', () => {
  test('is detected if devices have names', () => {
    const before = [output('default'), output('headphones')];
    expect(outputLost(before, [output('default')])).toBe(true);
    expect(outputLost(before, [...before, output('tv')])).toBe(false);
  });

  test('is assumed if they have none, unless another device explains the change', () => {
    expect(outputLost([output('')], [output('')])).toBe(true);
    expect(outputLost([output(''), output('')], [output('')])).toBe(true);
    expect(outputLost([output('')], [output(''), output('')])).toBe(false);
    expect(outputLost([output('')], [output(''), camera])).toBe(false);
  });
});

/** A fake page, audio context and devices. */
function fakeOutput(playing: boolean) {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', new EventTarget());
  const context = Object.assign(new EventTarget(), {
    state: 'running',
    resume: vi.fn(async () => {
      context.state = 'running';
    }),
  });
  let found: readonly DeviceFacts[] = [output('default'), output('headphones')];
  const devices = Object.assign(new EventTarget(), { enumerateDevices: async () => found as MediaDeviceInfo[] });
  const pause = vi.fn();
  const changed = vi.fn();
  const scope = new Scope();
  watchOutput(scope, {
    context: context as unknown as AudioContext,
    playing: () => playing,
    pause,
    changed,
    devices,
  });
  const becomes = (state: string) => {
    context.state = state;
    context.dispatchEvent(new Event('statechange'));
  };
  const unplug = async () => {
    found = [output('default')];
    devices.dispatchEvent(new Event('devicechange'));
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { page, context, scope, pause, changed, becomes, unplug };
}

describe('watchOutput', () => {
  test('pauses when the headphones are unplugged, once, and only a song that plays', async () => {
    const { pause, unplug } = fakeOutput(true);
    await unplug();
    expect(pause).toHaveBeenCalledTimes(1);
    await unplug();
    expect(pause).toHaveBeenCalledTimes(1);
    const silent = fakeOutput(false);
    await silent.unplug();
    expect(silent.pause).not.toHaveBeenCalled();
  });

  test('resumes after sleep and after a call, but not during it', () => {
    const { context, becomes, changed } = fakeOutput(true);
    becomes('suspended');
    expect(context.resume).toHaveBeenCalledTimes(1);
    becomes('interrupted');
    expect(context.resume).toHaveBeenCalledTimes(1);
    becomes('suspended');
    expect(context.resume).toHaveBeenCalledTimes(2);
    expect(changed).toHaveBeenCalled();
  });

  test('tries again when the page becomes visible or is touched', () => {
    const { page, context } = fakeOutput(true);
    context.state = 'suspended';
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(context.resume).not.toHaveBeenCalled();
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(context.resume).toHaveBeenCalledTimes(1);
    context.state = 'suspended';
    page.dispatchEvent(new Event('pointerdown'));
    expect(context.resume).toHaveBeenCalledTimes(2);
  });

  test('does not touch a paused song or a closed player', async () => {
    const paused = fakeOutput(false);
    paused.becomes('suspended');
    expect(paused.context.resume).not.toHaveBeenCalled();
    const { scope, context, becomes, pause, unplug } = fakeOutput(true);
    scope.dispose();
    becomes('suspended');
    await unplug();
    expect(context.resume).not.toHaveBeenCalled();
    expect(pause).not.toHaveBeenCalled();
  });
});
