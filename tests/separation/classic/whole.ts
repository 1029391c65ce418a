import type { AudioData } from '../../../src/audio/audio-data.ts';
import type { ModelManifest } from '../../../src/model/manifest.ts';
import type { VariablePredictor } from '../../../src/model/predictor.ts';
import { type ClassicOptions, separateClassic } from '../../../src/separation/classic/separate-classic.ts';
import type { StemChunk } from '../../../src/separation/types.ts';
import { fakeModel } from '../fake-model.ts';

/** A model with a known mask; see fakeModel. Its variants follow the same rule on their own patches. */
export function fakeVariable(
  rule: Parameters<typeof fakeModel>[0],
  changes: Partial<ModelManifest> = {},
): VariablePredictor & { readonly calls: number[]; readonly variants: ReturnType<typeof fakeModel>[] } {
  const variants: ReturnType<typeof fakeModel>[] = [];
  return {
    ...fakeModel(rule, changes),
    variants,
    variant(manifest) {
      const variant = fakeModel(rule, manifest);
      variants.push(variant);
      return variant;
    },
  };
}

/** All pieces of a song, and its joined stems. */
export async function classic(song: AudioData, model: VariablePredictor, options: ClassicOptions = {}) {
  const chunks: StemChunk[] = [];
  for await (const chunk of separateClassic(song, model, options)) chunks.push(chunk);
  const joined = (stem: 'vocals' | 'accompaniment') =>
    chunks[0][stem].map((_, c) => {
      const whole = new Float32Array(chunks[0].totalSamples);
      for (const chunk of chunks) whole.set(chunk[stem][c], chunk.start);
      return whole;
    });
  return { chunks, vocals: joined('vocals'), accompaniment: joined('accompaniment') };
}
