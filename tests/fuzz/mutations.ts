import fc from 'fast-check';
import type { NamedFile } from './corpus.ts';

/** A byte of a file, whatever its length: near the start or the end, where headers and tags are, or anywhere. */
interface Place {
  readonly near: 'start' | 'end' | 'anywhere';
  readonly offset: number;
}

/** One change of a file. */
type Mutation =
  | { readonly kind: 'flip'; readonly at: Place; readonly bit: number }
  | { readonly kind: 'truncate'; readonly at: Place }
  | { readonly kind: 'remove'; readonly at: Place; readonly bytes: number }
  | { readonly kind: 'repeat'; readonly at: Place; readonly bytes: number; readonly times: number }
  | { readonly kind: 'swap'; readonly at: Place; readonly to: Place; readonly bytes: number }
  | { readonly kind: 'number'; readonly at: Place; readonly bytes: number; readonly fill: number }
  | {
      readonly kind: 'length';
      readonly code: number;
      readonly after: boolean;
      readonly bytes: number;
      readonly fill: number;
    }
  | { readonly kind: 'splice'; readonly at: Place; readonly other: number; readonly from: Place };

/** A file of the fixtures, by its number, and its changes. */
export interface Change {
  readonly file: number;
  readonly mutations: readonly Mutation[];
}

/** Bytes from an end of a file that count as near. */
const NEAR = 512;
const OFFSETS = 1 << 16;

/** Longer files come to be by repetition only, and tell nothing new. */
const MAX_BYTES = 1 << 20;

const place = fc.record({
  near: fc.constantFrom('start', 'start', 'end', 'anywhere'),
  offset: fc.nat(OFFSETS - 1),
}) satisfies fc.Arbitrary<Place>;
const blockBytes = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 4096 }));
const numberBytes = fc.constantFrom(1, 2, 3, 4, 8);
/** Lengths of 0, of all ones, of the greatest signed number, of a few bytes. */
const fill = fc.constantFrom(0, 0xff, 0x7f, 0x80, 1);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flip'), at: place, bit: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate'), at: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), at: place, bytes: blockBytes }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat'),
      at: place,
      bytes: blockBytes,
      times: fc.integer({ min: 1, max: 64 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap'), at: place, to: place, bytes: blockBytes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('number'), at: place, bytes: numberBytes, fill }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('length'),
      code: fc.nat(),
      after: fc.boolean(),
      bytes: fc.constantFrom(4, 8),
      fill,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('splice'), at: place, other: fc.nat(), from: place }) },
);

/** Changes of files: one to six mutations each. */
export const changes: fc.Arbitrary<Change> = fc.noBias(
  fc.record({ file: fc.nat(), mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }) }),
);

/** The change that belongs to a seed. */
export function changeOf(seed: number): Change {
  return fc.sample(changes, { seed, numRuns: 1 })[0];
}

/** Makes the changes; the fixtures stay as they are. */
export function changed(fixtures: readonly NamedFile[], { file, mutations }: Change): NamedFile {
  const { name, bytes } = fixtures[file % fixtures.length];
  const result = mutations.reduce((before, one) => mutated(before, one, fixtures), bytes);
  return { name, bytes: result.slice(0, MAX_BYTES) };
}

/** The same file, or a changed copy. */
function mutated(bytes: Uint8Array, change: Mutation, fixtures: readonly NamedFile[]): Uint8Array {
  if (bytes.length === 0) return bytes;
  if (change.kind === 'length') {
    const codes = fourLetterCodes(bytes);
    if (codes.length === 0) return bytes;
    const code = codes[change.code % codes.length];
    const at = change.after ? code + 4 : code - change.bytes;
    return filled(bytes, Math.max(0, at), change.bytes, change.fill);
  }
  const at = byteAt(bytes, change.at);
  switch (change.kind) {
    case 'flip':
      return bytes.with(at, bytes[at] ^ (1 << change.bit));
    case 'truncate':
      return bytes.slice(0, at);
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + change.bytes));
    case 'repeat': {
      const end = at + change.bytes;
      const block = bytes.subarray(at, end);
      return joined(bytes.subarray(0, end), ...Array.from({ length: change.times }, () => block), bytes.subarray(end));
    }
    case 'swap': {
      const to = byteAt(bytes, change.to);
      const copy = bytes.slice();
      copy.set(bytes.subarray(at, Math.min(at + change.bytes, bytes.length - to + at)), to);
      copy.set(bytes.subarray(to, Math.min(to + change.bytes, bytes.length - at + to)), at);
      return copy;
    }
    case 'number':
      return filled(bytes, at, change.bytes, change.fill);
    case 'splice': {
      const other = fixtures[change.other % fixtures.length].bytes;
      return joined(bytes.subarray(0, at), other.subarray(byteAt(other, change.from)));
    }
  }
}

function byteAt({ length }: Uint8Array, { near, offset }: Place): number {
  const close = offset % Math.max(1, Math.min(NEAR, length));
  if (near === 'start') return close;
  return near === 'end' ? length - 1 - close : Math.floor((offset / OFFSETS) * length);
}

/** A number in either byte order that is 0, 1, or about the greatest one. */
function filled(bytes: Uint8Array, at: number, count: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy.fill(value <= 1 ? 0 : 0xff, at, at + count);
  if (at < copy.length) copy[at] = value;
  return copy;
}

/** Where names of chunks and boxes are: a length stands before or after them. */
function fourLetterCodes(bytes: Uint8Array): readonly number[] {
  const text = Buffer.from(bytes).toString('latin1');
  return Array.from(text.matchAll(/[A-Za-z©-][A-Za-z0-9]{2}[A-Za-z0-9 ]/g), ({ index }) => index);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
