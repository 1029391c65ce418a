import { describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { ClipPlayer, type Clips } from '../../../src/learning/widgets/clip-player.ts';

const clip = () => [new Float32Array(8)];

function open() {
  const player = new ClipPlayer(new Scope(), 4, () => undefined);
  const state = vi.fn();
  player.on('state', state);
  return { player, state };
}

// With nothing playing, which needs no audio output; playing is heard in the browser tests.
describe('the clips of a ClipPlayer', () => {
  test('are those of the last update', () => {
    const { player } = open();
    player.update(new Map([['a', clip()]]));
    player.choose('a');
    expect([player.has('a'), player.has('b'), player.chosen]).toEqual([true, false, 'a']);
    player.update(new Map([['b', clip()]]));
    expect([player.has('a'), player.has('b'), player.chosen]).toEqual([false, true, 'a']);
  });

  test('that stay the same are no news; a new one, a replaced one and one that is gone are', () => {
    const { player, state } = open();
    const [a, b] = [clip(), clip()];
    const clips = new Map<string, ReturnType<typeof clip>>([['a', a]]);
    const changes: (() => void)[] = [
      () => undefined,
      () => clips.set('b', b),
      () => clips.set('a', clip()),
      () => clips.delete('b'),
    ];
    player.update(clips as Clips);
    const news = changes.map((change) => {
      state.mockClear();
      change();
      player.update(clips as Clips);
      return state.mock.calls.length;
    });
    expect(news).toEqual([0, 1, 1, 1]);
  });

  test('that is not there cannot be played', async () => {
    const { player } = open();
    player.choose('a');
    await player.play();
    expect(player.playing).toBe(false);
  });
});
