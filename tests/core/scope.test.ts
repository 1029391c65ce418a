import { describe, expect, test, vi } from 'vitest';
import { Scope } from '../../src/core/scope.ts';

describe('Scope', () => {
  test('gives back last in, first out, children with what was there when they were made', () => {
    const scope = new Scope();
    const order: string[] = [];
    scope.add(() => order.push('first'));
    const child = scope.child();
    child.add(() => order.push('child'));
    scope.add(() => order.push('last'));
    scope.dispose();
    scope.dispose();
    expect(order).toEqual(['last', 'child', 'first']);
    expect(child.disposed).toBe(true);
  });

  test('gives back the rest where a disposer throws, and then throws its error', () => {
    const scope = new Scope();
    const disposer = vi.fn();
    scope.add(disposer);
    scope.add(() => {
      throw new Error('broken');
    });
    expect(() => scope.dispose()).toThrow('broken');
    expect(disposer).toHaveBeenCalledTimes(1);
  });

  test('gives one thing back earlier, once', () => {
    const scope = new Scope();
    const disposer = vi.fn();
    const early = scope.add(disposer);
    early();
    early();
    scope.dispose();
    expect(disposer).toHaveBeenCalledTimes(1);
  });

  test('gives back at once what comes after its end', () => {
    const scope = new Scope();
    scope.dispose();
    const disposer = vi.fn();
    scope.add(disposer);
    expect(disposer).toHaveBeenCalledTimes(1);
    expect(scope.abortSignal().aborted).toBe(true);
    expect(scope.child().disposed).toBe(true);
  });

  test('a child that ends by itself leaves nothing behind in its parent', () => {
    const scope = new Scope();
    const child = scope.child();
    const disposer = vi.fn();
    child.add(disposer);
    child.dispose();
    scope.dispose();
    expect(disposer).toHaveBeenCalledTimes(1);
  });

  test('hears events until it ends', () => {
    const scope = new Scope();
    const target = new EventTarget();
    const listener = vi.fn();
    scope.listen(target, 'ping', listener);
    target.dispatchEvent(new Event('ping'));
    scope.dispose();
    target.dispatchEvent(new Event('ping'));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('stops timers that have not fired, and forgets those that have', () => {
    vi.useFakeTimers();
    try {
      const scope = new Scope();
      const [soon, late, again] = [vi.fn(), vi.fn(), vi.fn()];
      scope.timeout(soon, 10);
      scope.timeout(late, 100);
      scope.interval(again, 20);
      vi.advanceTimersByTime(50);
      scope.dispose();
      vi.advanceTimersByTime(500);
      expect([soon, late, again].map((mock) => mock.mock.calls.length)).toEqual([1, 0, 2]);
    } finally {
      vi.useRealTimers();
    }
  });
});
