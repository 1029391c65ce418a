import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';

/** A file as a person chooses or drops it. */
export interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Seconds [from, to) of a song, as a WAV file of 16 bits. */
export async function pieceOf(song: AudioData, name: string, from: number, to: number): Promise<GivenFile> {
  const { sampleRate, channels } = song;
  const cut = channels.map((channel) => channel.slice(from * sampleRate, to * sampleRate));
  const buffer = Buffer.from(await new Blob(encodeWav({ sampleRate, channels: cut }, '16')).arrayBuffer());
  return { name, mimeType: 'audio/wav', buffer };
}

export interface Silence {
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Head of a WAV file with 8 bits a sample, and how many bytes follow it. Bytes of 0 are no silence, but a still line. */
function wavHead({ seconds, sampleRate, channels }: Silence): { readonly head: Buffer; readonly bytes: number } {
  const bytes = seconds * sampleRate * channels;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * channels, 28);
  head.writeUInt16LE(channels, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return { head, bytes };
}

/** A song without a sound, small for its length. */
export function stillFile(name: string, silence: Silence): GivenFile {
  const { head, bytes } = wavHead(silence);
  return { name, mimeType: 'audio/wav', buffer: Buffer.concat([head, Buffer.alloc(bytes, 128)]) };
}

/** A song of hours without a sound: mostly a hole, which takes no space on most disks. @returns its path */
export async function hollowFile(folder: string, name: string, silence: Silence): Promise<string> {
  const { head, bytes } = wavHead(silence);
  const path = join(folder, name);
  const file = await open(path, 'w');
  try {
    await file.write(head);
    await file.truncate(head.length + bytes);
  } finally {
    await file.close();
  }
  return path;
}
