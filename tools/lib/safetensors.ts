import { ModelError } from '../../src/errors.ts';
import { decodeFloat16 } from '../../src/model/weights.ts';

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** Floating-point tensors by name, row-major, as single precision. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

const WIDTHS: Readonly<Record<string, number>> = { F32: 4, F16: 2 };

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads a .safetensors file: 8 bytes length of the header, the header (JSON), the tensors' bytes, little-endian.
 * Format: https://github.com/huggingface/safetensors#format. Tensors of other types than F32 and F16 are left out.
 *
 * @throws ModelError when the file is cut short or its header and its bytes disagree.
 */
export function readSafetensors(file: Uint8Array, where: string): Safetensors {
  const broken = (what: string) =>
    new ModelError(`${where} is not a whole safetensors file: ${what}.`, 'Export the weights again.');
  if (file.length < 8) throw broken(`it has ${file.length} bytes`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > file.length - 8) throw broken('its header is longer than the file');
  const { __metadata__: metadata = {}, ...entries } = parseHeader(file.subarray(8, 8 + length), broken);
  const data = file.subarray(8 + length);
  const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const width = WIDTHS[dtype];
    if (width === undefined) continue;
    const [begin, end] = data_offsets;
    const expected = shape.reduce((product, side) => product * side, width);
    if (!(begin >= 0 && end <= data.length)) throw broken(`${name} lies outside of it`);
    if (end - begin !== expected) throw broken(`${name} has ${end - begin} bytes, not ${expected}`);
    // Not data.slice: a Buffer's does not copy.
    const buffer = Uint8Array.from(data.subarray(begin, end)).buffer;
    tensors.set(name, {
      shape,
      values: width === 4 ? new Float32Array(buffer) : decodeFloat16(new Uint16Array(buffer)),
    });
  }
  return { metadata: metadata as Record<string, string>, tensors };
}

function parseHeader(bytes: Uint8Array, broken: (what: string) => Error): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw broken('its header is not a JSON object');
}
