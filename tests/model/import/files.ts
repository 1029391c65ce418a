import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Zip, type ZipOptions, ZipPassThrough, zipSync } from 'fflate';
import { expect } from 'vitest';
import { ModelError } from '../../../src/core/errors.ts';
import type { NamedFile, NamedTensor } from '../../../src/model/import/types.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/import');

/** A file of tests/fixtures/import. */
export function fixtureBytes(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(FOLDER, path)));
}

export function fixtureFile(path: string): NamedFile {
  return { name: path.split('/').at(-1)!, bytes: fixtureBytes(path) };
}

export function fixtureJson<T>(path: string): T {
  return JSON.parse(new TextDecoder().decode(fixtureBytes(path))) as T;
}

/** Little-endian float32 numbers. */
export function fixtureFloats(path: string): Float32Array<ArrayBuffer> {
  return new Float32Array(fixtureBytes(path).buffer);
}

export const text = (value: string) => new TextEncoder().encode(value);

/** A zip of some files, in order. `options` by name. */
export function zipOf(
  files: Readonly<Record<string, Uint8Array>>,
  options: Readonly<Record<string, ZipOptions>> = {},
): Uint8Array<ArrayBuffer> {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, [bytes, options[name] ?? {}] as const])),
  ) as Uint8Array<ArrayBuffer>;
}

/** A zip with two files of one name, which zipSync cannot write. */
export function zipWithTwins(name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((_, part) => parts.push(part));
  for (const content of ['one', 'two']) {
    const file = new ZipPassThrough(name);
    zip.add(file);
    file.push(text(content), true);
  }
  zip.end();
  return Buffer.concat(parts);
}

/** A .npy file, version 1, of float32 numbers. `header` replaces NumPy's header. */
export function npy(shape: readonly number[], values: Float32Array, header?: string): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = header ?? `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`;
  const padded = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + values.byteLength);
  bytes.set([0x93, ...text('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(text(padded), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + padded.length);
  return bytes;
}

/** A .safetensors file with this header, which may be wrong, and this data. */
export function safetensors(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const json = text(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

/** A .safetensors file of some tensors, in single precision. */
export function safetensorsOf(tensors: readonly NamedTensor[]): Uint8Array<ArrayBuffer> {
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(({ name, shape, data }) => {
      const begin = end;
      end += data.length * 4;
      return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
    }),
  );
  const values = new Float32Array(end / 4);
  let at = 0;
  for (const { data } of tensors) {
    values.set(data, at);
    at += data.length;
  }
  return safetensors(header, new Uint8Array(values.buffer));
}

/** The message of the ModelError that a function throws. */
export async function faultOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).hint).not.toBe('');
    return (error as ModelError).message;
  }
  return 'no fault';
}
