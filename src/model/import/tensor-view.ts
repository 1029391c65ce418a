import { elementCount, fortranStrides, rowMajorStrides, toRowMajor } from '../tensor-layout.ts';
import { decodeNumbers, NUMBER_TYPES, type NumberType } from './number-types.ts';
import { isPickled, latin1, type PickledArray, type StoredTensor } from './pickled-objects.ts';
import { torchType } from './torch-types.ts';

/**
 * Where the numbers of a tensor are in its storage, or those of an array in the pickle. All fields are checked, but not
 * against the storage's length.
 */
export interface TensorView {
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** In numbers, from the storage's beginning. */
  readonly offset: number;
  /** Numbers from the first to the last, including those that the strides skip. */
  readonly span: number;
}

const MAX_AXES = 32;

/** @param fail creates the error from a description of the fault, such as “has no sound shape” */
export function viewOf(value: StoredTensor | PickledArray, fail: (what: string) => Error): TensorView {
  const stated = value.kind === 'tensor' ? ofTensor(value) : ofArray(value);
  const { type, typeName, shape, strides, offset } = stated;
  if (!type) throw fail(`has numbers of the type “${typeName}”, which are not read`);
  if (!areSizes(shape) || !areSizes(strides) || shape.length !== strides.length || !isSize(offset)) {
    throw fail('has no sound shape');
  }
  const length = elementCount(shape);
  const span = length === 0 ? 0 : shape.reduce((last, side, axis) => last + (side - 1) * strides[axis], 1);
  if (!isSize(length) || !isSize(offset + span)) throw fail('has no sound shape');
  return { type, shape: [...shape], strides, offset, span };
}

/** The most bytes that decoding takes, for many, wide or widely spaced numbers. */
export function viewBytes({ type, shape, span }: TensorView): number {
  return Math.max(span, elementCount(shape)) * Math.max(4, type.width);
}

/** Reads the numbers in row-major order. `fail` as for viewOf. */
export function readView(bytes: Uint8Array, view: TensorView, fail: (what: string) => Error): Float32Array {
  const { type, shape, strides, offset, span } = view;
  const end = (offset + span) * type.width;
  if (end > bytes.length) throw fail('reaches beyond its storage');
  const values = decodeNumbers(bytes.subarray(offset * type.width, end), type);
  const plain = rowMajorStrides(shape);
  const inOrder = shape.every((side, axis) => side === 1 || strides[axis] === plain[axis]);
  return inOrder ? values : toRowMajor(values, shape, strides);
}

/** The bytes of an array in the pickle. @throws when their length does not match the shape */
export function arrayBytes({ state }: PickledArray, view: TensorView, fail: (what: string) => Error): Uint8Array {
  const data = Array.isArray(state) ? state[4] : undefined;
  // A long UTF-8 text is rejected, because decoding it again for each of many arrays would take long.
  const bytes = isPickled(data, 'raw') && data.utf8 ? undefined : latin1(data);
  if (bytes?.length !== view.span * view.type.width) throw fail('has other bytes than its shape');
  return bytes;
}

function ofTensor({ type, shape, strides, offset }: StoredTensor) {
  return { type: torchType(type), typeName: type, shape, strides, offset };
}

function ofArray({ state }: PickledArray) {
  const [, shape, dtype, fortran] = Array.isArray(state) ? (state as readonly unknown[]) : [];
  // Only strings: converting nested lists to text could take very long.
  const known = isPickled(dtype, 'dtype') && typeof dtype.order === 'string' && typeof dtype.code === 'string';
  const typeName = known ? `${dtype.order}${dtype.code}` : '';
  const strides = areSizes(shape) ? (fortran === true ? fortranStrides(shape) : rowMajorStrides(shape)) : undefined;
  return { type: NUMBER_TYPES.get(typeName), typeName, shape, strides, offset: 0 };
}

function areSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= MAX_AXES && value.every(isSize);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
