import type { AudioData } from '../../src/audio/audio-data.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import type { Quality } from '../../src/model/manifest.ts';
import { type NetworkShape, networkShape } from '../../src/model/network-shape.ts';
import { atQuality } from '../../src/model/quality.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import type { NetworkInput, Networks } from '../../src/model/runtime/networks.ts';
import { separate } from '../../src/separation/separate.ts';

/** Keeps what a separation gives to the networks, and answers with silence. */
class InputRecorder implements Networks {
  readonly inputs: NetworkInput[] = [];

  concurrency(): number {
    return 1;
  }

  async run(input: NetworkInput): Promise<readonly Float32Array[]> {
    this.inputs.push({ ...input, values: input.values.slice() });
    return input.stems.map(() => new Float32Array(input.values.length));
  }

  async dispose(): Promise<void> {}
}

/**
 * The networks' inputs for the first patches of a song, bins × frames × channels.
 *
 * @throws Error when the song is too short
 */
export async function patchesOfSong(song: AudioData, model: string, quality: Quality, count: number) {
  const loaded = await loadModel(folderReader(model));
  const recorder = new InputRecorder();
  const predictor = await MaskModel.create(loaded, 'wasm', () => recorder);
  for await (const _ of separate(song, predictor, { quality })) if (recorder.inputs.length >= count) break;
  const shape = networkShape(atQuality(loaded.manifest, quality));
  const whole = recorder.inputs.filter((input) => input.n === 1 && input.shape.frames === shape.frames).slice(0, count);
  if (whole.length < count) throw new Error(`The song has ${whole.length} whole patches, not ${count}.`);
  return { manifest: loaded.manifest, stems: whole[0].stems, shape, patches: whole.map(({ values }) => values) };
}

/** Bins × frames × channels to channels × bins × frames. */
export function channelsFirst(values: Float32Array, { bins, frames, channels }: NetworkShape): Float32Array {
  const size = bins * frames;
  const moved = new Float32Array(values.length);
  for (let i = 0; i < size; i++) for (let c = 0; c < channels; c++) moved[c * size + i] = values[i * channels + c];
  return moved;
}
