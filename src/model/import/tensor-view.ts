import { elementCount, fortranStrides, rowMajorStrides, toRowMajor } from '../tensor-layout.ts';
import { decodeNumbers, NUMBER_TYPES, type NumberType } from './number-types.ts';
import { isPickled, latin1, type PickledArray, type StoredTensor } from './pickled-objects.ts';
import { torchType } from './torch-types.ts';

/** Where the numbers of a tensor are in a storage, or those of an array in the pickle: checked, but for their end. */
export interface TensorView {
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** In numbers, from the beginning. */
  readonly offset: number;
  /** Numbers from the first to the last. Those between may be others' where strides leave them out. */
  readonly span: number;
}

const MAX_AXES = 32;

/** @param fail makes the error that says what is wrong with it: “has …” */
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

/** Bytes that decoding takes at most, whether numbers are many, wide or far apart. */
export function viewBytes({ type, shape, span }: TensorView): number {
  return Math.max(span, elementCount(shape)) * Math.max(4, type.width);
}

/** The numbers in row-major order. `fail` as for viewOf. */
export function readView(bytes: Uint8Array, view: TensorView, fail: (what: string) => Error): Float32Array {
  const { type, shape, strides, offset, span } = view;
  const end = (offset + span) * type.width;
  if (end > bytes.length) throw fail('reaches beyond its storage');
  const values = decodeNumbers(bytes.subarray(offset * type.width, end), type);
  const plain = rowMajorStrides(shape);
  const inOrder = shape.every((side, axis) => side === 1 || strides[axis] === plain[axis]);
  return inOrder ? values : toRowMajor(values, shape, strides);
}

/** The bytes of an array in the pickle. @throws an error when there are others than its shape has */
export function arrayBytes({ state }: PickledArray, view: TensorView, fail: (what: string) => Error): Uint8Array {
  const data = Array.isArray(state) ? state[4] : undefined;
  // Long texts in UTF-8 are no bytes; turning one for each of many arrays would take long.
  const bytes = isPickled(data, 'raw') && data.utf8 ? undefined : latin1(data);
  if (bytes?.length !== view.span * view.type.width) throw fail('has other bytes than its shape');
  return bytes;
}

function ofTensor({ type, shape, strides, offset }: StoredTensor) {
  return { type: torchType(type), typeName: type, shape, strides, offset };
}

function ofArray({ state }: PickledArray) {
  const [, shape, dtype, fortran] = Array.isArray(state) ? (state as readonly unknown[]) : [];
  // Asked whether they are texts: as a text, a list of lists of lists may be without end.
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
