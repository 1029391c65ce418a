import { createStretcher } from '../src/player/load-stretcher.ts';
import { Mixer } from '../src/player/mixer.ts';
import { AS_RECORDED, MIN_RATE, type RateAndKey } from '../src/player/rate-and-key.ts';
import { loads, quantile, runBenchmark, table } from './lib/command.ts';
import { madeUpSong } from './stages/song.ts';

/** Measures the time of the player's audio thread for a block of samples, in Node: `npm run bench:mixer`. */
const RATE = 44_100;
const BLOCK = 128;
const BLOCKS = 10_000;
/** The first blocks are not measured: the engine still compiles the code. */
const WARM_UP = 1000;

const SETTINGS: readonly (readonly [string, RateAndKey])[] = [
  ['as recorded', AS_RECORDED],
  ['speed 0.8', { speed: 0.8, semitones: 0 }],
  ['speed 0.5', { speed: MIN_RATE, semitones: 0 }],
  ['speed 1.5, key +4', { speed: 1.5, semitones: 4 }],
];

/** Milliseconds of each block of a stereo song. */
async function measure(rateAndKey: RateAndKey): Promise<readonly number[]> {
  const { channels } = madeUpSong(((WARM_UP + BLOCKS) * BLOCK * rateAndKey.speed) / RATE + 1);
  const { length } = channels[0];
  const mixer = new Mixer(RATE, RATE);
  mixer.setSource({ original: channels, vocals: [...channels].reverse(), length });
  mixer.setDone([{ start: 0, end: length }]);
  mixer.setStretcher(await createStretcher(2 * channels.length, RATE));
  mixer.setRateAndKey(rateAndKey);
  mixer.setMix(0.5, 1);
  mixer.play();
  const out = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + BLOCKS; n++) {
    const begun = performance.now();
    mixer.render(out);
    if (n >= WARM_UP) times.push(performance.now() - begun);
  }
  return times;
}

await runBenchmark(async () => {
  const budget = (1000 * BLOCK) / RATE;
  console.log(`A block has ${budget.toFixed(2)} ms; load average ${loads()}`);
  const rows: string[][] = [];
  for (const [name, rateAndKey] of SETTINGS) {
    const times = await measure(rateAndKey);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const figures = [mean, quantile(times, 0.5), quantile(times, 0.99), Math.max(...times)];
    rows.push([
      name,
      ...figures.map((ms) => ms.toFixed(3)),
      `${((100 * mean) / budget).toFixed(0)} %`,
      String(times.filter((time) => time > budget).length),
    ]);
  }
  console.log(table(['stereo', 'mean, ms', 'median', '99 %', 'longest', 'of its time', 'too late'], rows));
});
