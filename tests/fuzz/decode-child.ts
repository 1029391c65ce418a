import { SHAPE, SINES, soundFile } from '../containers/videos.ts';
import type { NamedFile } from './corpus.ts';
import { compiledDecoder, decodeOutcome, type Outcome } from './decode-outcome.ts';
import { videoOutcome } from './video-outcome.ts';

/** What the process answers to each file; `residentBytes`: its memory, at most so far. */
export type Answer = ({ readonly failure: string } | Outcome) & { readonly residentBytes: number };

const decoder = await compiledDecoder();
const sounds = { m4a: await soundFile('m4a', SHAPE, SINES), flac: await soundFile('flac', SHAPE, SINES) };

process.on('message', async (file: NamedFile) => {
  const residentBytes = () => process.resourceUsage().maxRSS * 1024;
  try {
    const outcome = await decodeOutcome(decoder, file);
    const video = await videoOutcome(file, sounds);
    const result = video === 'no video' ? outcome.result : `${outcome.result}; as a video: ${video}`;
    process.send!({ ...outcome, result, residentBytes: residentBytes() } satisfies Answer);
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send!({ failure, residentBytes: residentBytes() } satisfies Answer);
  }
});
process.send!('ready');
