import { type Command, InvalidArgumentError, Option } from 'commander';
import type { MaskKind } from '../../src/dsp/mask.ts';
import { QUALITIES, type Quality } from '../../src/model/manifest.ts';
import { DEFAULTS } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';

/** The flags of a separation on a command line. */
export interface SeparationFlags {
  readonly quality?: Quality;
  readonly mask: MaskKind['kind'];
  readonly maskExponent?: number;
  readonly overlap: number;
}

/** Default exponent of a sharp mask. */
const SHARP = 2;

/** Adds the flags that `separationOptions` reads. */
export function addSeparationFlags(program: Command): Command {
  return program
    .addOption(new Option('--quality <quality>', 'best or fast, for models that have both').choices(QUALITIES))
    .addOption(
      new Option('--mask <kind>', 'how the mask is applied').choices(['soft', 'hard', 'sharp']).default('soft'),
    )
    .option(
      '--mask-exponent <number>',
      `exponent of a sharp mask; above 1 the mask is harder (default: ${SHARP})`,
      above0,
    )
    .option('--overlap <share>', 'share of a patch that overlaps with the next one', share, DEFAULTS.overlap);
}

/** The options that the flags mean. */
export function separationOptions(flags: SeparationFlags): SeparationOptions {
  return { quality: flags.quality, mask: maskKind(flags), overlap: flags.overlap };
}

function maskKind({ mask, maskExponent }: SeparationFlags): MaskKind {
  if (mask === 'sharp' || maskExponent !== undefined) return { kind: 'sharp', exponent: maskExponent ?? SHARP };
  return { kind: mask };
}

function above0(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('Give a number from 0 to less than 1.');
  return value;
}
