import { ModelError } from '../../core/errors.ts';
import { isSafetensors } from './read-safetensors.ts';
import { findPickle, isOldTorch } from './torch-file.ts';
import type { NamedFile } from './types.ts';
import { isZip, peekEntry, READ_LIMITS, type ReadLimits, unpackEntry, type ZipEntry, zipEntries } from './zip.ts';

/** The format of some files. */
export type DetectedFiles =
  | { readonly kind: 'npz'; readonly file: NamedFile }
  /** One or more, in order. */
  | { readonly kind: 'safetensors'; readonly files: readonly NamedFile[] }
  /**
   * One or more checkpoints of PyTorch, in order. Files from a zip have their paths below the common folder, and
   * `licences` are the licence texts in that zip.
   */
  | { readonly kind: 'pytorch'; readonly files: readonly NamedFile[]; readonly licences?: readonly string[] }
  | { readonly kind: 'tensorflow'; readonly index: NamedFile; readonly shards: readonly NamedFile[] }
  /** A converted model's folder: files with their paths in it. */
  | { readonly kind: 'folder'; readonly files: readonly NamedFile[]; readonly where: string };

/** Licence files in packages that contain checkpoints. */
const LICENCE = /(^|\/)(LICEN[CS]E|COPYING|NOTICE)(\.(txt|md))?$/i;
const MAX_LICENCE_BYTES = 2 ** 20;

const SHARD = /\.data-(\d{5})-of-(\d{5})$/;

/**
 * Detects the format of files from their contents, because names may be unspecific (Chainer's `unet.model`).
 *
 * @throws ModelError when the files cannot be imported, or belong to more than one checkpoint
 */
export function detectFormat(files: readonly NamedFile[], limits: ReadLimits = READ_LIMITS): DetectedFiles {
  if (files.some(({ name }) => name === 'manifest.json')) return { kind: 'folder', files, where: 'The folder' };
  const indices = files.filter(({ name }) => name.endsWith('.index'));
  if (indices.length > 1) {
    throw new ModelError('checkpoint.several', { names: indices.map(({ name }) => name).join(', ') });
  }
  if (indices.length === 1) return { kind: 'tensorflow', index: indices[0], shards: shardsOf(indices[0], files) };
  const data = files.find(({ name }) => SHARD.test(name));
  if (data) {
    const index = data.name.replace(SHARD, '.index');
    throw new ModelError('checkpoint.part', { name: data.name, names: index });
  }
  if (files.length > 1 && files.every(({ bytes }) => isSafetensors(bytes))) {
    return { kind: 'safetensors', files: inOrder(files) };
  }
  if (files.length > 1 && files.every((file) => isTorch(file, limits))) {
    return { kind: 'pytorch', files: inOrder(files) };
  }
  if (files.length !== 1) {
    if (files.length === 0) throw new ModelError('checkpoint.no-file');
    throw new ModelError('checkpoint.no-model', { count: files.length });
  }
  const [file] = files;
  if (isZip(file.bytes)) return detectZip(file, limits);
  if (isOldTorch(file.bytes)) return { kind: 'pytorch', files };
  if (isSafetensors(file.bytes) || file.name.endsWith('.safetensors')) return { kind: 'safetensors', files };
  if (/\.npz$/i.test(file.name)) {
    throw new ModelError('checkpoint.npz-not-zip', { name: file.name });
  }
  throw new ModelError(codeOf(file.bytes), { name: file.name });
}

/** The checkpoint's data files in order. */
function shardsOf(index: NamedFile, files: readonly NamedFile[]): readonly NamedFile[] {
  const prefix = index.name.slice(0, -'.index'.length);
  const given = new Map(files.map((file) => [file.name, file]));
  const first = files.find(({ name }) => SHARD.test(name) && name.replace(SHARD, '') === prefix);
  const count = first ? Number(SHARD.exec(first.name)![2]) : 1;
  const number = (n: number) => String(n).padStart(5, '0');
  const names = Array.from(
    { length: Math.min(count, READ_LIMITS.entries) },
    (_, n) => `${prefix}.data-${number(n)}-of-${number(count)}`,
  );
  const missing = names.filter((name) => !given.has(name));
  if (missing.length === 0 && names.length > 0) return names.map((name) => given.get(name)!);
  throw new ModelError('checkpoint.part', {
    name: index.name,
    names: missing.slice(0, 5).join(', ') || `${prefix}.data-00000-of-00001`,
  });
}

function detectZip(file: NamedFile, limits: ReadLimits): DetectedFiles {
  const entries = zipEntries(file.bytes, file.name, limits);
  if (entries.length > 0 && entries.every(({ name }) => name.endsWith('.npy'))) return { kind: 'npz', file };
  if (findPickle(entries)) return { kind: 'pytorch', files: [file] };
  refuseOddPaths(entries, file.name);
  const checkpoints = entries.some(isManifest) ? [] : entries.filter((entry) => isCheckpoint(entry, file.name));
  if (checkpoints.length > 0) {
    const licences = entries.filter(({ name }) => LICENCE.test(name));
    const decode = ({ name, bytes }: NamedFile) => `${name}:\n\n${new TextDecoder().decode(bytes)}`;
    return {
      kind: 'pytorch',
      files: inOrder(unpackBelow(checkpoints, file.name, limits)),
      licences: unpackBelow(licences, file.name, { ...limits, bytes: MAX_LICENCE_BYTES }, '').map(decode),
    };
  }
  return { kind: 'folder', files: unpackModel(entries, file.name, limits), where: file.name };
}

/** Stems in the order of their networks in a checkpoint; see spleeter.ts. */
const STEM_NAMES = ['vocals', 'piano', 'drums', 'bass', 'accompaniment', 'other'];

/** Sorts the files of several networks by the stems in their names, or else by the numbers. */
function inOrder(files: readonly NamedFile[]): readonly NamedFile[] {
  const stem = ({ name }: NamedFile) =>
    STEM_NAMES.findIndex((stem) => name.split('/').at(-1)!.toLowerCase().includes(stem));
  const all = new Set(files.map(stem));
  const named = all.size === files.length && !all.has(-1);
  return [...files].sort((a, b) => (named ? stem(a) - stem(b) : a.name.localeCompare(b.name, 'en', { numeric: true })));
}

function isTorch({ name, bytes }: NamedFile, limits: ReadLimits): boolean {
  return isZip(bytes) ? findPickle(zipEntries(bytes, name, limits)) !== undefined : isOldTorch(bytes);
}

/** Whether a file of an archive, such as a Python package, is a checkpoint of PyTorch. */
function isCheckpoint(entry: ZipEntry, where: string): boolean {
  if (!/\.(pt|pth|ckpt)$/i.test(entry.name) || isLitter(entry)) return false;
  const head = peekEntry(entry, 16, where);
  return isZip(head) || isOldTorch(head);
}

const isManifest = ({ name }: ZipEntry) => /(^|\/)manifest\.json$/.test(name);

/** Hidden files and folders that macOS and other systems add. */
const isLitter = ({ name }: ZipEntry) => name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

/** The files of a zipped model, with their paths below the folder of manifest.json. */
function unpackModel(entries: readonly ZipEntry[], where: string, limits: ReadLimits): readonly NamedFile[] {
  const plain = entries.filter((entry) => !isLitter(entry));
  const manifests = plain.filter(isManifest);
  if (manifests.length !== 1) {
    throw new ModelError(manifests.length === 0 ? 'checkpoint.zip-no-manifest' : 'checkpoint.zip-several', { where });
  }
  const folder = manifests[0].name.slice(0, -'manifest.json'.length);
  const inside = plain.filter(({ name }) => name.startsWith(folder));
  return unpackBelow(inside, where, limits, folder);
}

/** Unpacks files of a zip. Their names are the paths below `folder`; default: their innermost common folder. */
function unpackBelow(
  entries: readonly ZipEntry[],
  where: string,
  limits: ReadLimits,
  folder = commonFolder(entries),
): readonly NamedFile[] {
  let left = limits.bytes;
  return entries.map((entry) => {
    const bytes = unpackEntry(entry, left, where);
    left -= bytes.length;
    return { name: entry.name.slice(folder.length), bytes };
  });
}

/** The common folder: “a/b/” for a/b/c/d and a/b/e. */
function commonFolder(entries: readonly ZipEntry[]): string {
  const [first, ...others] = entries.map(({ name }) => name.split('/').slice(0, -1));
  const apart = first.findIndex((part, n) => others.some((folder) => folder[n] !== part));
  return [...first.slice(0, apart === -1 ? first.length : apart), ''].join('/');
}

function refuseOddPaths(entries: readonly ZipEntry[], where: string): void {
  for (const { name, symlink } of entries) {
    const odd = name.startsWith('/') || /^[A-Za-z]:|[\\\0]/.test(name) || name.split('/').some((part) => part === '..');
    if (!odd && !symlink) continue;
    throw new ModelError(symlink ? 'checkpoint.zip-link' : 'checkpoint.zip-path', { where, name });
  }
}

/** The error code for a file of another format. */
function codeOf(bytes: Uint8Array): 'checkpoint.pickle' | 'checkpoint.hdf5' | 'checkpoint.unknown-format' {
  const begins = (...magic: readonly number[]) => magic.every((byte, n) => bytes[n] === byte);
  if (begins(0x80) && bytes[1] >= 2 && bytes[1] <= 5) return 'checkpoint.pickle';
  if (begins(0x89, 0x48, 0x44, 0x46)) return 'checkpoint.hdf5';
  return 'checkpoint.unknown-format';
}
