/** Samples of a frame of SILK, Hybrid and CELT at 48 kHz, by the two low bits of the configuration (RFC 6716, table 2). */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/**
 * The samples at 48 kHz that an Opus packet decodes to (RFC 6716, section 3).
 *
 * @throws RangeError if the packet is empty
 */
export function opusSamples(packet: Uint8Array): number {
  if (packet.length === 0) throw new RangeError('An Opus packet has at least one byte.');
  const configuration = packet[0] >> 3;
  const frame =
    configuration < 12
      ? SILK[configuration % 4]
      : configuration < 16
        ? HYBRID[configuration % 2]
        : CELT[configuration % 4];
  const code = packet[0] & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  return frame * frames;
}
