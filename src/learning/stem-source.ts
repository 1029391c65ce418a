import type { AudioData } from '../audio/audio-data.ts';
import { Emitter } from '../core/emitter.ts';
import type { DemoStem } from './demo-stems.ts';

export interface StemSourceOptions {
  readonly stem: DemoStem;
  /** Loads the true stem of the demo song. */
  readonly loadDemo: (stem: DemoStem) => Promise<AudioData>;
  readonly decode: (file: Blob, name: string) => Promise<AudioData>;
}

/** Where a voice or an accompaniment comes from: a stem of the demo song, or a file that the person chose. */
export class StemSource extends Emitter<{ changed: [] }> {
  readonly stem: DemoStem;
  readonly #options: StemSourceOptions;
  #file: { readonly name: string; readonly sound: AudioData } | undefined;
  #demo: Promise<AudioData> | undefined;

  constructor(options: StemSourceOptions) {
    super();
    this.stem = options.stem;
    this.#options = options;
  }

  /** The file that the person chose; undefined: the demo song's stem. */
  get file(): { readonly name: string; readonly sound: AudioData } | undefined {
    return this.#file;
  }

  /** Takes a file in place of the demo song's stem. @throws AudioDecodeError when it cannot be decoded */
  async choose(file: File): Promise<void> {
    const sound = await this.#options.decode(file, file.name);
    this.#file = { name: file.name, sound };
    this.emit('changed');
  }

  /** Takes the demo song's stem. */
  useDemo(): void {
    this.#file = undefined;
    this.emit('changed');
  }

  /** The sound. Loads the demo song's stem at the first call. @throws AudioDecodeError when it cannot be loaded */
  async sound(): Promise<AudioData> {
    if (this.#file) return this.#file.sound;
    this.#demo ??= this.#options.loadDemo(this.stem).catch((error: unknown) => {
      this.#demo = undefined;
      throw error;
    });
    return this.#demo;
  }
}
