import { mkdir, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { fixtureFiles, niStemsFile, videoFiles } from './corpus.ts';
import { DecodeProcess } from './decode-process.ts';
import { changed, changeOf } from './mutations.ts';

/** Where failing files are written. */
const FOLDER = 'out/fuzz';

interface Flags {
  readonly files: number;
  readonly seed: number;
  readonly seconds: number;
  readonly limit: number;
}

function number(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('A number from 0 on is needed.');
}

const { files, seed, seconds, limit } = new Command('fuzz')
  .description(
    'Decodes changed copies of the fixtures, and copies videos. Each must give a result or an error with a code.',
  )
  .option('--files <count>', 'how many files', number, 10_000)
  .option('--seed <seed>', 'seed of the first file; the next one has the next seed', number, 1)
  .option('--seconds <seconds>', 'stops after so many seconds', number, Number.POSITIVE_INFINITY)
  .option('--limit <seconds>', 'seconds for a file', number, 5)
  .parse()
  .opts<Flags>();

const fixtures = [...fixtureFiles(), ...videoFiles(), await niStemsFile()];
const decoder = new DecodeProcess(limit * 1000);
const results = new Map<string, number>();
const started = performance.now();
let tried = 0;
let slowest = { seed: 0, ms: 0 };
let largest = { seed: 0, decoderBytes: 0 };
let failures = 0;

while (tried < files && performance.now() - started < seconds * 1000) {
  const own = seed + tried++;
  const change = changeOf(own);
  const file = changed(fixtures, change);
  const begun = performance.now();
  const answer = await decoder.decode(file);
  const ms = performance.now() - begun;
  if (ms > slowest.ms) slowest = { seed: own, ms };
  if ('failure' in answer) {
    failures++;
    await mkdir(FOLDER, { recursive: true });
    await writeFile(`${FOLDER}/${own}-${file.name}`, file.bytes);
    console.error(`${FOLDER}/${own}-${file.name}: ${answer.failure}\n${JSON.stringify(change)}`);
    console.error(`Again: npm run fuzz -- --files 1 --seed ${own}\n`);
    continue;
  }
  if (answer.decoderBytes > largest.decoderBytes) largest = { seed: own, decoderBytes: answer.decoderBytes };
  results.set(answer.result, (results.get(answer.result) ?? 0) + 1);
}
await decoder.end();

for (const [result, count] of [...results].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${result}`);
console.log(`${failures}\tfailures`);
console.log(
  `${tried} files in ${((performance.now() - started) / 1000).toFixed(0)} s. Slowest: ${slowest.ms.toFixed(0)} ms (seed ` +
    `${slowest.seed}). Largest memory of the decoder: ${(largest.decoderBytes / 2 ** 20).toFixed(0)} MiB (seed ${largest.seed}).`,
);
process.exitCode = failures > 0 ? 1 : 0;
