import type { Page } from 'playwright-core';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { choose, separated } from './app.ts';

const RATE = 22_050;

/** A file for the page's intake: a tone that begins in its middle. */
export async function toneFile(seconds = 4, sampleRate = RATE) {
  const length = sampleRate * seconds;
  const channel = Float32Array.from({ length }, (_, n) =>
    n < length / 2 ? 0 : 0.2 * Math.sin((2 * Math.PI * 440 * n) / sampleRate),
  );
  const bytes = await new Blob(encodeWav({ sampleRate, channels: [channel] }, '16')).arrayBuffer();
  return { name: 'A tone.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
}

/** Opens the tone, and waits until it is separated. */
export async function openTone(page: Page, seconds?: number): Promise<void> {
  await choose(page, await toneFile(seconds));
  await separated(page);
}
