import { BufferReader } from 'pickleparser';
import { ModelError } from '../../core/errors.ts';
import { type TorchFactory, torchFactory } from './pickled-objects.ts';
import { torchType } from './torch-types.ts';
import type { NamedFile } from './types.ts';
import { type Spend, unpickle } from './unpickle.ts';
import { isZip, type ReadLimits, unpackEntry, type ZipEntry, zipEntries } from './zip.ts';

/** An unpickled checkpoint, and access to its tensors' numbers. */
export interface TorchFile {
  readonly root: unknown;
  /** The bytes of a storage. @throws ModelError when it is missing or damaged */
  readonly storage: (key: string) => Uint8Array;
}

/** The first bytes of torch.save before version 1.6: a pickle of 0x1950a86a20f9469cfc6c. */
const OLD_MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const PICKLE = /^([^/]+\/)?data\.pkl$/;

/** Finds the pickle in a zip of torch.save. */
export function findPickle(entries: readonly ZipEntry[]): ZipEntry | undefined {
  return entries.find(({ name }) => PICKLE.test(name));
}

/** Whether a file was written by torch.save before version 1.6. */
export function isOldTorch(bytes: Uint8Array): boolean {
  return OLD_MAGIC.every((byte, n) => bytes[n] === byte);
}

/**
 * Opens a file of torch.save: a zip with `<name>/data.pkl` and `<name>/data/<key>` for each storage. Before version 1.6
 * a file has pickles and storages one after the other. Format: torch/serialization.py
 *
 * @throws ModelError when the file is damaged or big-endian, exceeds the limits, or has unsupported objects
 */
export function openTorch(file: NamedFile, limits: ReadLimits, spend: Spend): TorchFile {
  const factory = torchFactory(file.name, limits.bytes, spend);
  const read = (reader: BufferReader) => unpickle(reader, factory, spend);
  try {
    return isZip(file.bytes) ? openZip(file, limits, read) : openOld(file, factory.storages, read);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw torchError(file.name, 'its pickle is damaged', cause);
  }
}

export function torchError(where: string, what: string, cause?: unknown): ModelError {
  return new ModelError('checkpoint.pytorch', { where, what }, { cause });
}

type ReadPickle = (reader: BufferReader) => unknown;

function openZip({ bytes: file, name: where }: NamedFile, limits: ReadLimits, read: ReadPickle): TorchFile {
  const entries = new Map(zipEntries(file, where, limits).map((entry) => [entry.name, entry]));
  const pickle = findPickle([...entries.values()]);
  if (!pickle) throw torchError(where, 'it has no data.pkl');
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(unpackEntry(order, 16, where)) !== 'little') {
    throw torchError(where, 'its numbers are big-endian');
  }
  let left = limits.bytes;
  const unpack = (entry: ZipEntry) => {
    const bytes = unpackEntry(entry, left, where);
    left -= bytes.length;
    return bytes;
  };
  const root = read(new BufferReader(unpack(pickle)));
  return {
    root,
    storage: (key) => {
      const entry = entries.get(`${folder}data/${key}`);
      if (!entry) throw torchError(where, `the storage “${key}” is not in it`);
      return unpack(entry);
    },
  };
}

/**
 * The old format: pickles of the magic number, the version, the machine, the content and the storages' keys; storages.
 */
function openOld(
  { bytes: file, name: where }: NamedFile,
  storages: TorchFactory['storages'],
  read: ReadPickle,
): TorchFile {
  // A plain view, because a Buffer's parts are Buffers, whose `slice` shares memory.
  const reader = new BufferReader(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  reader.skip(OLD_MAGIC.length);
  const next = () => read(reader);
  if (next() !== 1001) throw torchError(where, 'its version is unknown');
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw torchError(where, 'its numbers are big-endian');
  }
  const root = next();
  const keys = next();
  const places = new Map<unknown, Uint8Array>();
  for (const key of keys as Iterable<unknown>) {
    const storage = storages.get(key as string);
    const type = storage && torchType(storage.type);
    if (!storage) throw torchError(where, 'a storage belongs to no tensor');
    if (!type) throw torchError(where, `it has numbers of the type “${storage.type}”, which are not read`);
    const length = reader.uint32() + 2 ** 32 * reader.uint32();
    if (length * type.width > reader.length - reader.position) throw torchError(where, 'it is cut short');
    places.set(key, reader.bytes(length * type.width) as Uint8Array);
  }
  return {
    root,
    storage: (key) => {
      const bytes = places.get(key);
      if (!bytes) throw torchError(where, `the storage “${key}” is not in it`);
      return bytes;
    },
  };
}
