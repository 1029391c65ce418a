/** CRC-32C (Castagnoli), polynomial 0x1EDC6F41; the package has types for its other half only. */
declare module 'crc-32/crc32c.js' {
  /** As a signed 32-bit number. */
  export function buf(data: Uint8Array, seed?: number): number;
}
