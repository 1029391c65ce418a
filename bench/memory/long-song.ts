import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sampleCount } from '../../src/audio/audio-data.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { readSong } from '../../tools/lib/read-song.ts';

/**
 * Makes a song of this length out of a short one, over and over: an MP3 where ffmpeg is on the machine, else a WAV
 * file, of which the page holds the bytes, too.
 *
 * @returns its path in `folder`, another for each length
 */
export async function makeLongSong(short: string, seconds: number, folder: string): Promise<string> {
  const mp3 = join(folder, `long-${seconds}.mp3`);
  try {
    const input = ['-stream_loop', '-1', '-i', short, '-t', String(seconds), '-vn', '-ac', '2', '-b:a', '192k'];
    await promisify(execFile)('ffmpeg', ['-loglevel', 'error', '-y', ...input, mp3]);
    return mp3;
  } catch {
    const wav = join(folder, `long-${seconds}.wav`);
    await writeFile(wav, await longWav(short, seconds));
    return wav;
  }
}

async function longWav(short: string, seconds: number): Promise<Uint8Array[]> {
  const song = await readSong(short);
  const length = Math.round(seconds * song.sampleRate);
  const channels = song.channels.map((channel) => {
    const long = new Float32Array(length);
    for (let at = 0; at < length; at += sampleCount(song)) long.set(channel.subarray(0, length - at), at);
    return long;
  });
  return encodeWav({ sampleRate: song.sampleRate, channels }, '16');
}
