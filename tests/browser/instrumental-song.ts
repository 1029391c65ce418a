import { encodeWav } from '../../src/audio/encode/encode-wav.ts';

const RATE = 22_050;
const BEAT = RATE / 2;

/** A file without a voice: a drum on each beat, a cymbal between, and a bass of one note a bar. */
export async function instrumentalFile(seconds: number) {
  let seed = 1;
  const noise = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return (2 * seed) / 2 ** 32 - 1;
  };
  const channel = Float32Array.from({ length: RATE * seconds }, (_, n) => {
    const since = (n % BEAT) / RATE;
    const between = ((n + BEAT / 2) % BEAT) / RATE;
    const note = [55, 41.2, 49, 36.7][Math.floor(n / (4 * BEAT)) % 4];
    const drum = 0.5 * Math.exp(-18 * since) * Math.sin(2 * Math.PI * 55 * since);
    const cymbal = 0.15 * Math.exp(-60 * between) * noise();
    return drum + cymbal + 0.2 * Math.sin((2 * Math.PI * note * n) / RATE);
  });
  const bytes = await new Blob(encodeWav({ sampleRate: RATE, channels: [channel] }, '16')).arrayBuffer();
  return { name: 'Without a voice.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
}
