import { decodeInBrowser } from '../../../src/audio/decode/decode.browser.ts';
import { openSongStream, songSeconds } from '../../../src/audio/decode/stream-decode.ts';
import { UnsungError } from '../../../src/core/errors.ts';

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface StreamDecodePage {
  /** Decodes a file both ways. `lead` are samples that decodeAudioData begins late. */
  compare(url: string, lead: number): Promise<Comparison>;
  /** Decodes a file piece by piece, cut off after so many bytes. */
  decodeCut(url: string, bytes: number): Promise<{ readonly samples: number; readonly brokeOff: boolean }>;
  refused(
    url: string,
  ): Promise<{ readonly error: string; readonly message: string; readonly hint: string } | undefined>;
  seconds(url: string): Promise<number | undefined>;
}

export interface Comparison {
  readonly sampleRates: readonly [whole: number, stream: number];
  readonly channels: readonly [whole: number, stream: number];
  readonly lengths: readonly [whole: number, stream: number];
  readonly largestDifference: number;
  readonly brokeOff: boolean;
  readonly longestPiece: number;
}

const blobOf = async (url: string): Promise<Blob> => (await fetch(url)).blob();
const nameOf = (url: string): string => url.split('/').at(-1) ?? '';

const page: StreamDecodePage = {
  async compare(url, lead) {
    const file = await blobOf(url);
    const whole = await decodeInBrowser(await file.arrayBuffer(), nameOf(url));
    const stream = await openSongStream(file, nameOf(url));
    let at = 0;
    let largestDifference = 0;
    let longestPiece = 0;
    for await (const piece of stream.pieces()) {
      for (const [c, channel] of piece.entries()) {
        for (const [n, value] of channel.entries()) {
          const other = whole.channels[c][at + n - lead];
          if (other !== undefined) largestDifference = Math.max(largestDifference, Math.abs(value - other));
        }
      }
      at += piece[0].length;
      longestPiece = Math.max(longestPiece, piece[0].length);
    }
    stream.dispose();
    return {
      sampleRates: [whole.sampleRate, stream.sampleRate],
      channels: [whole.channels.length, stream.channels],
      lengths: [whole.channels[0].length, at],
      largestDifference,
      brokeOff: stream.brokeOff !== undefined,
      longestPiece,
    };
  },

  async decodeCut(url, bytes) {
    const stream = await openSongStream((await blobOf(url)).slice(0, bytes), nameOf(url));
    let samples = 0;
    for await (const piece of stream.pieces()) samples += piece[0].length;
    stream.dispose();
    return { samples, brokeOff: stream.brokeOff !== undefined };
  },

  async refused(url) {
    try {
      (await openSongStream(await blobOf(url), nameOf(url))).dispose();
      return undefined;
    } catch (error) {
      if (!(error instanceof UnsungError)) throw error;
      return { error: error.name, message: error.message, hint: error.hint };
    }
  },

  seconds: async (url) => songSeconds(await blobOf(url)),
};

Object.assign(window, { page });
