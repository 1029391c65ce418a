/** Joins byte arrays in order. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join(parts, (length) => new Uint8Array(length));
}

/** Joins arrays of samples, or of frames, in order. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return join(parts, (length) => new Float32Array(length));
}

function join<P extends { readonly length: number }, J extends { set(part: P, offset: number): void }>(
  parts: readonly P[],
  create: (length: number) => J,
): J {
  const joined = create(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
