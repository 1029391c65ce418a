import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsungError } from '../../../src/core/errors.ts';
import { detectFormat } from '../../../src/model/import/detect-format.ts';
import { readNpz } from '../../../src/model/import/read-npz.ts';
import { readPyTorch } from '../../../src/model/import/read-pytorch.ts';
import { readSafetensors } from '../../../src/model/import/read-safetensors.ts';
import { readTfCheckpoint } from '../../../src/model/import/read-tf-checkpoint.ts';
import type { NamedTensor } from '../../../src/model/import/types.ts';
import { unpackEntry, zipEntries } from '../../../src/model/import/zip.ts';
import { fixtureBytes, npy, text, zipOf } from './files.ts';

const LIMITS = { bytes: 2 ** 20, entries: 64 };

/** A fixed seed: the same files on every run and every machine. */
const runs = (numRuns: number) => ({ seed: 20171, numRuns });

/** One change to a file, at a relative position or at a record. */
type Change = (bytes: Uint8Array, landmarks: readonly number[]) => Uint8Array;

const place = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => (length: number) => Math.floor(share * length)),
  // Near the file's records, where a bit has the most effect.
  fc
    .tuple(fc.nat(), fc.integer({ min: -4, max: 50 }))
    .map(([which, offset]) => (length: number, landmarks: readonly number[]) => {
      const at = landmarks.length > 0 ? landmarks[which % landmarks.length] + offset : offset;
      return Math.min(Math.max(0, at), length);
    }),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  // Cut short.
  place.map(
    (at): Change =>
      (bytes, marks) =>
        bytes.slice(0, at(bytes.length, marks)),
  ),
  // One bit.
  fc.tuple(place, fc.nat({ max: 7 })).map(
    ([at, bit]): Change =>
      (bytes, marks) => {
        const copy = bytes.slice();
        copy[at(bytes.length, marks)] ^= 1 << bit;
        return copy;
      },
  ),
  // Other bytes: sizes of 0, of 4 GB, and random ones.
  fc
    .tuple(
      place,
      fc.oneof(
        fc.constantFrom([0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0x7f]),
        fc.array(fc.nat({ max: 255 }), { maxLength: 8 }),
      ),
    )
    .map(
      ([at, written]): Change =>
        (bytes, marks) => {
          const copy = bytes.slice();
          copy.set(written.slice(0, Math.max(0, copy.length - at(copy.length, marks))), at(copy.length, marks));
          return copy;
        },
    ),
  // A piece removed or repeated.
  fc.tuple(place, place, fc.boolean()).map(
    ([a, b, twice]): Change =>
      (bytes, marks) => {
        const [from, to] = [a(bytes.length, marks), b(bytes.length, marks)].sort((x, y) => x - y);
        const parts = twice ? [bytes.slice(0, to), bytes.slice(from)] : [bytes.slice(0, from), bytes.slice(to)];
        return Uint8Array.from(Buffer.concat(parts));
      },
  ),
);

const changes = fc.array(change, { minLength: 1, maxLength: 3 });

/** Positions of zip records, .npy headers and JSON values. */
function landmarks(bytes: Uint8Array): number[] {
  const signatures = [
    [0x50, 0x4b, 3, 4],
    [0x50, 0x4b, 1, 2],
    [0x50, 0x4b, 5, 6],
    [0x93, 0x4e, 0x55, 0x4d],
    [...text('":')],
  ];
  const found: number[] = [0, bytes.length];
  for (let at = 0; at < bytes.length; at++) {
    if (signatures.some((signature) => signature.every((byte, n) => bytes[at + n] === byte))) found.push(at);
  }
  return found;
}

/** Checks that a reader returns consistent tensors within the limits, or throws a ModelError. */
function expectTensorsOrUnsungError(read: () => readonly NamedTensor[], limit = LIMITS.bytes): 'read' | 'refused' {
  let tensors: readonly NamedTensor[];
  try {
    tensors = read();
  } catch (error) {
    if (!(error instanceof UnsungError)) throw error;
    // No `expect` for each of thousands of files: it takes longer than reading one.
    if (error.message === '' || error.hint === '') expect.unreachable(`An error without words: ${error}`);
    return 'refused';
  }
  let bytes = 0;
  for (const { name, shape, data } of tensors) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (typeof name !== 'string' || data.length !== count) {
      expect.unreachable(`${name}: ${data.length} numbers for the shape ${shape}`);
    }
    bytes += data.byteLength;
  }
  if (bytes > limit) expect.unreachable(`${bytes} bytes, where ${limit} are allowed`);
  return 'read';
}

function readTorch(bytes: Uint8Array): readonly NamedTensor[] {
  return readPyTorch({ name: 'x', bytes }, LIMITS);
}

/** A few arrays in a small zip, where random changes hit a record more often than in a large one. */
const small = zipOf(
  {
    'conv1/W.npy': npy([2, 1, 2, 2], Float32Array.from({ length: 8 }, Math.sin)),
    'conv1/b.npy': npy([2], Float32Array.of(1, 2)),
  },
  { 'conv1/b.npy': { level: 0 } },
);

describe.each<[string, Uint8Array, (bytes: Uint8Array) => readonly NamedTensor[]]>([
  ['a small .npz', small, (bytes) => readNpz(bytes, 'x', LIMITS)],
  ['an .npz of NumPy', fixtureBytes('arrays/packed.npz'), (bytes) => readNpz(bytes, 'x', LIMITS)],
  ['a file of torch.save', fixtureBytes('pytorch-2/views.pt'), readTorch],
  ['a file of torch.save before 1.6', fixtureBytes('pytorch-1/views-old.pth'), readTorch],
  ['a .safetensors', fixtureBytes('arrays/types.safetensors'), (bytes) => readSafetensors(bytes, 'x', LIMITS).tensors],
])('%s', (_, whole, read) => {
  it('is read when unchanged', () => {
    expect(expectTensorsOrUnsungError(() => read(whole))).toBe('read');
  });

  it('is rejected when cut short anywhere', () => {
    const lengths = new Set([...landmarks(whole).flatMap((at) => [at - 1, at, at + 1, at + 4]), ...Array(200).keys()]);
    for (const length of lengths) {
      if (length < 0 || length >= whole.length) continue;
      expect(expectTensorsOrUnsungError(() => read(whole.slice(0, length)))).toBe('refused');
    }
  });

  it('changed in any way is read or rejected, without other errors, within the limits', () => {
    const marks = landmarks(whole);
    fc.assert(
      fc.property(changes, (list) => {
        const spoilt = list.reduce<Uint8Array>((bytes, apply) => apply(bytes, marks), whole);
        expectTensorsOrUnsungError(() => read(spoilt));
      }),
      runs(500),
    );
  });
});

// Within a zip with correct checksums, because changes to the zip rarely reach the pickle.
describe.each(['state.pt', 'views-protocol5.pt', 'arrays.ckpt', 'training.pth', 'lightning.ckpt'])(
  'the pickle of %s',
  (name) => {
    const entries = zipEntries(fixtureBytes(`pytorch-1/${name}`), name);
    const files = Object.fromEntries(entries.map((entry) => [entry.name, unpackEntry(entry, 1e6, name)]));
    const [path] = entries.flatMap((entry) => (entry.name.endsWith('/data.pkl') ? [entry.name] : []));
    // Not compressed, as torch.save writes it.
    const stored = Object.fromEntries(entries.map((entry) => [entry.name, { level: 0 as const }]));

    it('changed in any way is read or rejected, without other errors, within the limits', () => {
      fc.assert(
        fc.property(changes, (list) => {
          const spoilt = list.reduce<Uint8Array>((bytes, apply) => apply(bytes, []), files[path]);
          expectTensorsOrUnsungError(() => readTorch(zipOf({ ...files, [path]: spoilt }, stored)));
        }),
        runs(500),
      );
    });
  },
);

describe('a pickle', () => {
  it('with random opcodes is read or rejected in the same way', () => {
    const opcodes = fc.array(
      fc.oneof(fc.nat(255), fc.constantFrom(...text('(.]})}tueasbRQcqhKNX'), 0x81, 0x85, 0x86)),
      {
        maxLength: 60,
      },
    );
    const globals = ['collections\nOrderedDict\n', 'torch._utils\n_rebuild_tensor_v2\n', 'numpy\ndtype\n', 'a\nB\n'];
    const piece = fc.oneof(opcodes, fc.constantFrom(...globals.map((name) => [0x63, ...text(name)])));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const pickle = Uint8Array.from([0x80, 2, ...pieces.flat(), 0x2e]);
        expectTensorsOrUnsungError(() => readTorch(zipOf({ 'a/data.pkl': pickle, 'a/data/0': new Uint8Array(64) })));
      }),
      runs(2000),
    );
  });
});

describe('a TensorFlow checkpoint', () => {
  const index = fixtureBytes('tensorflow/kinds/model.ckpt.index');
  const data = fixtureBytes('tensorflow/kinds/model.ckpt.data-00000-of-00001');

  it('changed in any way is read or rejected, without other errors', () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (list, inIndex) => {
        const spoil = (bytes: Uint8Array) => list.reduce((at, apply) => apply(at, []), bytes);
        const files = inIndex ? ([spoil(index), data] as const) : ([index, spoil(data)] as const);
        expectTensorsOrUnsungError(() => readTfCheckpoint(files[0], [files[1]], 'x', LIMITS));
      }),
      runs(500),
    );
  });
});

describe('a zipped model', () => {
  const model = zipOf({
    'm/manifest.json': text('{"id": "m"}'),
    'm/model.json': text('{}'),
    'm/shard.bin': text('abc'),
  });

  it('changed in any way is unpacked or rejected, without other errors or outside paths, within the limits', () => {
    const marks = landmarks(model);
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = list.reduce<Uint8Array>((at, apply) => apply(at, marks), model);
        try {
          const found = detectFormat([{ name: 'm.zip', bytes }], LIMITS);
          const files = found.kind === 'folder' ? found.files : [];
          for (const { name } of files) expect(name).not.toMatch(/^\/|\\|(^|\/)\.\.(\/|$)/);
          expect(files.reduce((sum, file) => sum + file.bytes.length, 0)).toBeLessThanOrEqual(LIMITS.bytes);
        } catch (error) {
          if (!(error instanceof UnsungError)) throw error;
        }
      }),
      runs(500),
    );
  });

  it('with random names and contents is unpacked or rejected in the same way', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('../a', '/a', 'a\\b', 'a/../b', 'manifest.json', 'a.npy', '.hidden', 'C:x'),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { maxKeys: 6 }), (files) => {
        try {
          const found = detectFormat([{ name: 'm.zip', bytes: zipOf(files) }], LIMITS);
          if (found.kind === 'npz') expectTensorsOrUnsungError(() => readNpz(found.file.bytes, 'x', LIMITS));
        } catch (error) {
          if (!(error instanceof UnsungError)) throw error;
        }
      }),
      runs(300),
    );
  });
});

describe('a zip bomb', () => {
  it.each([0, 1, 200])('of zeros is rejected at the limit of %i kB', (kilobytes) => {
    const bomb = zipOf({ 'a.npy': new Uint8Array(2 ** 22) });
    expect(bomb.length).toBeLessThan(2 ** 13);
    const limits = { bytes: kilobytes * 1000, entries: 64 };
    expect(expectTensorsOrUnsungError(() => readNpz(bomb, 'x', limits))).toBe('refused');
    const array = npy([2 ** 20], new Float32Array(2 ** 20));
    expect(expectTensorsOrUnsungError(() => readNpz(zipOf({ 'a.npy': array }), 'x', limits))).toBe('refused');
  });
});
