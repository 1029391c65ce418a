/**
 * Each channel of `a` minus that of `b`, in new arrays. The accompaniment is the original minus the vocals.
 *
 * @param b as many channels, each at least as long
 */
export function subtractChannels(a: readonly Float32Array[], b: readonly Float32Array[]): Float32Array<ArrayBuffer>[] {
  return a.map((channel, c) => {
    const other = b[c];
    const rest = new Float32Array(channel.length);
    // Not by `map`: V8 makes an object of each number that it hands to a callback.
    for (let n = 0; n < rest.length; n++) rest[n] = channel[n] - other[n];
    return rest;
  });
}
