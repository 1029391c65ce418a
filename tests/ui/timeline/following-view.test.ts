import { describe, expect, test } from 'vitest';
import { FollowingView } from '../../../src/ui/timeline/following-view.ts';
import { ANIMATION_MS } from '../../../src/ui/timeline/view-animation.ts';
import { timeAt, unitOfTime } from '../../../src/ui/timeline/viewport.ts';

const DURATION = 200;

function viewOf(position = 100, playing = false) {
  const clock = { position, duration: DURATION, playing };
  return { clock, view: new FollowingView(clock, DURATION, () => false) };
}

/** Lets an animation end. */
const arrive = (view: FollowingView) => view.step(performance.now() + 2 * ANIMATION_MS);

describe('a view that follows the playhead', () => {
  test('keeps it in the middle while the song plays, and leaves the whole song alone', () => {
    const { clock, view } = viewOf(100, true);
    view.follow();
    expect(view.now).toEqual({ start: 0, span: DURATION, duration: DURATION });
    view.zoom(10);
    arrive(view);
    for (clock.position = 110; clock.position < 150; clock.position += 7.3) {
      view.follow();
      expect(unitOfTime(view.now, clock.position)).toBeCloseTo(0.5, 9);
      expect(view.now.span).toBe(20);
    }
  });

  test('stays where a hand moves it while the song plays, until a jump brings it back', () => {
    const { clock, view } = viewOf(100, true);
    view.zoom(10);
    arrive(view);
    view.pan(1);
    expect(view.follows).toBe(false);
    const { start } = view.now;
    clock.position = 101;
    view.follow();
    expect(view.now.start).toBe(start);
    view.reveal(30);
    expect(view.follows).toBe(true);
    clock.position = 31;
    view.follow();
    expect(unitOfTime(view.now, 31)).toBeCloseTo(0.5, 9);
  });

  test('glides from step to step of a wheel, and follows a touchpad at once', () => {
    const { view } = viewOf();
    view.zoomAt(2, 0.25);
    expect(view.animating).toBe(true);
    expect(view.now.span).toBe(DURATION);
    // A second step on the way goes on from where the first one leads.
    view.zoomAt(2, 0.25);
    arrive(view);
    expect(view.now.span).toBeCloseTo(DURATION / 4, 9);
    expect(timeAt(view.now, 0.25)).toBeCloseTo(50, 9);
    view.zoomAt(1.05, 0.25);
    expect(view.animating).toBe(false);
    expect(view.now.span).toBeCloseTo(DURATION / 4.2, 9);
  });

  test('goes with two fingers however far apart their moves are, also from the middle of a animation', () => {
    const { view } = viewOf();
    view.pinch(4, 0.5, 0.5);
    expect(view.now).toEqual({ start: 75, span: 50, duration: DURATION });
    view.zoomAt(2, 0.5);
    view.pinch(0.5, 0.5, 0.6);
    expect(view.animating).toBe(false);
    expect(view.now.span).toBeCloseTo(100, 9);
    expect(unitOfTime(view.now, 100)).toBeCloseTo(0.6, 9);
  });
});
