import { type Command, InvalidArgumentError, Option } from 'commander';
import type { MaskKind } from '../../src/dsp/mask.ts';
import { MOST_SPEEDS } from '../../src/model/manifest.ts';
import { DEFAULTS } from '../../src/separation/separate.ts';
import type { ChannelRun, SeparationOptions } from '../../src/separation/types.ts';

/** How a person asks for a separation on a command line. */
export interface SeparationFlags {
  readonly mask: MaskKind['kind'];
  readonly maskExponent?: number;
  readonly overlap: number;
  readonly channels: ChannelRun;
  readonly wiener: number;
  readonly gate: boolean;
  readonly speeds?: number;
  readonly partner: boolean;
}

/** The exponent of a sharp mask where none is given. */
const SHARP = 2;

/** Adds the flags that `separationOptions` reads. */
export function addSeparationFlags(program: Command): Command {
  return program
    .addOption(new Option('--mask <kind>', 'how the mask is used').choices(['soft', 'hard', 'sharp']).default('soft'))
    .option(
      '--mask-exponent <number>',
      `exponent of a sharp mask; above 1 is nearer to hard (default: ${SHARP})`,
      above0,
    )
    .option('--overlap <share>', 'share of a patch that the next one lies over', share, DEFAULTS.overlap)
    .addOption(
      new Option('--channels <which>', 'what the network hears of a stereo song')
        .choices(['mean', 'left-right', 'mid-side'])
        .default(DEFAULTS.channels),
    )
    .addOption(
      new Option('--wiener <rounds>', 'rounds of the multichannel Wiener filter, on stereo songs')
        .argParser(rounds)
        .default(DEFAULTS.wiener),
    )
    .addOption(
      new Option(
        '--speeds <n>',
        `at how many speeds the network hears the song, 1 to ${MOST_SPEEDS} (default: what the model’s manifest says)`,
      ).argParser(speeds),
    )
    .option(
      '--no-partner',
      'lets the model hear the song alone at every speed, without the partner that its manifest names',
    )
    .option('--gate', 'closes the mask in passages without singing', DEFAULTS.gate)
    .option('--no-gate', 'leaves the mask open there');
}

/** What the flags say. */
export function separationOptions(flags: SeparationFlags): SeparationOptions {
  const { overlap, channels, wiener, gate, speeds, partner } = flags;
  return { mask: maskKind(flags), overlap, channels, wiener, gate, speeds, partner };
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

function speeds(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= MOST_SPEEDS)) {
    throw new InvalidArgumentError(`Give 1 to ${MOST_SPEEDS}.`);
  }
  return value;
}

function rounds(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0 && value <= 10)) throw new InvalidArgumentError('Give 0, 1 or 2.');
  return value;
}
