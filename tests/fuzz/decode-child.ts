import type { NamedFile } from './corpus.ts';
import { compiledDecoder, decodeOutcome, type Outcome } from './decode-outcome.ts';

/** What the process answers to each file; `residentBytes`: its memory, at most so far. */
export type Answer = ({ readonly failure: string } | Outcome) & { readonly residentBytes: number };

const decoder = await compiledDecoder();

process.on('message', async (file: NamedFile) => {
  const residentBytes = () => process.resourceUsage().maxRSS * 1024;
  try {
    const outcome = await decodeOutcome(decoder, file);
    process.send!({ ...outcome, residentBytes: residentBytes() } satisfies Answer);
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send!({ failure, residentBytes: residentBytes() } satisfies Answer);
  }
});
process.send!('ready');
