/** Pseudorandom numbers in [−1, 1), the same each time: 32-bit xorshift (Marsaglia 2003). */
export function noise(length: number): Float32Array<ArrayBuffer> {
  let state = 2463534242;
  const values = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[n] = state / 2 ** 31;
  }
  return values;
}
