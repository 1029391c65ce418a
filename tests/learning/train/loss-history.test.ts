import { expect, test } from 'vitest';
import { LossHistory } from '../../../src/learning/train/loss-history.ts';

test('the smoothed loss is the mean of the last ten steps', () => {
  const history = new LossHistory();
  for (let n = 1; n <= 20; n++) history.addStep(n);
  // The mean of 1 … n is (n + 1) / 2, that of n − 9 … n is n − 4.5.
  expect(history.smoothed.slice(0, 3)).toEqual([1, 1.5, 2]);
  expect(history.smoothed[9]).toBe(5.5);
  expect(history.smoothed[19]).toBe(15.5);
  expect(history.ends).toEqual({ first: 5.5, last: 15.5 });
});

test('one step has no ends', () => {
  const history = new LossHistory();
  history.addStep(1);
  history.addHeldOut({ step: 1, loss: 2 });
  expect([history.ends, history.heldOut]).toEqual([undefined, [{ step: 1, loss: 2 }]]);
});
