import { defaultFormat, peakOf } from '../../audio/encode/default-format.ts';
import type { ExportFormat } from '../../audio/encode/formats.ts';
import type { SampleDepth } from '../../audio/sample-depth.ts';
import type { Message } from '../../core/message.ts';

/**
 * The format in which a song's stems are saved: the person's, or the default for the song, which follows its depth and
 * the level of its stems.
 *
 * @example
 * const format = new SaveFormat(16);
 * format.format; // 'wav16'
 * format.add(loudStem);
 * format.format; // 'wav32f'
 */
export class SaveFormat {
  readonly #depth: SampleDepth | undefined;
  #peak = 0;
  #chosen: ExportFormat | undefined;

  /** @param depth how the song's file stores its samples; undefined: not known */
  constructor(depth: SampleDepth | undefined) {
    this.#depth = depth;
  }

  /** Takes samples of a stem: one array per channel. */
  add(channels: readonly Float32Array[]): void {
    this.#peak = Math.max(this.#peak, peakOf(channels));
  }

  /** The person chooses a format: the default no longer counts. */
  choose(format: ExportFormat): void {
    this.#chosen = format;
  }

  get format(): ExportFormat {
    return this.#chosen ?? this.#default.format;
  }

  /** Why the format is another one than the song's depth suggests; undefined: it is not, or the person chose it. */
  get note(): Message | undefined {
    return this.#chosen ? undefined : this.#default.note;
  }

  get #default() {
    return defaultFormat({ depth: this.#depth, peak: this.#peak });
  }
}
