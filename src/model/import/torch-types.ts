import { BFLOAT16, FLOAT16, FLOAT32, FLOAT64, NUMBER_TYPES, type NumberType } from './number-types.ts';

const numpy = (name: string) => NUMBER_TYPES.get(name)!;

/** By PyTorch's name of the type. Complex, quantised and 8-bit floating-point numbers are not supported. */
const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['float16', FLOAT16],
  ['bfloat16', BFLOAT16],
  ['float32', FLOAT32],
  ['float64', FLOAT64],
  ['bool', numpy('|b1')],
  ['int8', numpy('|i1')],
  ['uint8', numpy('|u1')],
  ['int16', numpy('<i2')],
  ['uint16', numpy('<u2')],
  ['int32', numpy('<i4')],
  ['uint32', numpy('<u4')],
  ['int64', numpy('<i8')],
  ['uint64', numpy('<u8')],
]);

/** The number types of PyTorch's storage classes. */
const STORAGES: ReadonlyMap<string, string> = new Map([
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['BoolStorage', 'bool'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['ShortStorage', 'int16'],
  ['IntStorage', 'int32'],
  ['LongStorage', 'int64'],
]);

/**
 * The number type of a storage class or a dtype; undefined when it is not supported.
 *
 * @param name “torch.FloatStorage”, “torch.cuda.FloatStorage” or “torch.float32”
 */
export function torchType(name: string): NumberType | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return TYPES.get(STORAGES.get(last) ?? last);
}
