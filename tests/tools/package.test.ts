import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { commandLine } from '../../tools/lib/vite-command-line.ts';
import { ROOT } from './run-tool.ts';

const run = promisify(execFile);
const SONG = join(ROOT, 'tests', 'fixtures', 'audio', 'wavfloat.wav');

/** A folder in which the package is installed. */
let folder: string;
/** Files of the package. */
let packed: readonly string[];

/** Does what npm does when it installs the package, but takes the packages that it names from the repository. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-package-'));
  const config = commandLine('unsung', 'tools/separate.ts', join('dist-lib', 'bin'));
  await build({ configFile: false, root: ROOT, logLevel: 'error', ...config });
  // Without its scripts: they would build the library, too.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse((await run('npm', pack, { cwd: ROOT })).stdout);
  packed = files.map(({ path }: { readonly path: string }) => path);
  await run('tar', ['-xzf', join(folder, filename), '-C', folder]);
  const home = join(folder, 'package');
  const { bin, dependencies } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const modules = join(folder, 'node_modules');
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  }
  const command = join(home, bin.unsung);
  await chmod(command, 0o755);
  await mkdir(join(modules, '.bin'));
  await symlink(command, join(modules, '.bin', 'unsung'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('the package holds the default model, and neither sources nor tests', () => {
  expect(packed).toContain('models/spleeter/manifest.json');
  expect(packed.filter((path) => !/^(?:models|dist-lib)\/|^(?:LICENSE|README\.md|package\.json)$/.test(path))).toEqual(
    [],
  );
});

test('npx unsung separates a song with nothing but the package and the packages that it names', async () => {
  const out = join(folder, 'out');
  await run('npx', ['--no', '--', 'unsung', SONG, '--out', out, '--bits', '32f'], { cwd: folder });
  const [original, vocals, accompaniment] = await Promise.all(
    [SONG, join(out, 'wavfloat.vocals.wav'), join(out, 'wavfloat.accompaniment.wav')].map(async (path) =>
      decodeInNode(await readFile(path), path),
    ),
  );
  for (const [c, channel] of original.channels.entries()) {
    const errors = channel.map((value, n) => vocals.channels[c][n] + accompaniment.channels[c][n] - value);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1e-6);
    expect(vocals.channels[c].some((value) => value !== 0)).toBe(true);
  }
});
