import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const HOW_TO_GET_ONE =
  'The browser tests need Chromium. Install it (Debian, Ubuntu: `apt-get install chromium`), ' +
  'or say where it is: CHROMIUM_PATH=/path/to/chromium npm test';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];

/** As root, as in containers, Chromium starts without its sandbox only; a test may play sound without a click. */
export const CHROMIUM_ARGS: readonly string[] = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];

/** Switches with which Chromium has WebGL and WebGPU without a graphics card. */
export const SOFTWARE_GRAPHICS: readonly string[] = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-webgpu',
];

/**
 * Starts the machine's Chromium, headless: that of CHROMIUM_PATH, or the first found in the usual places.
 *
 * @param args more command-line switches, such as `--use-gl=swiftshader`
 * @throws Error that says how to get Chromium where there is none
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGS, ...args],
  });
}

/** Where the machine's Chromium is. @throws Error where there is none */
export function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`There is no file ${named} (CHROMIUM_PATH). ${HOW_TO_GET_ONE}`);
  }
  const found = CANDIDATES.find((path) => existsSync(path));
  if (found === undefined) throw new Error(HOW_TO_GET_ONE);
  return found;
}
