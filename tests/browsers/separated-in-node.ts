import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { separate } from '../../src/separation/separate.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';

/** The stems of a song as Node separates it, channel by channel. @param modelId at its best quality */
export async function separatedInNode(song: AudioData, modelId: string) {
  const model = await openModel(await findModel(modelId));
  const silence = () => song.channels.map(() => new Float32Array(sampleCount(song)));
  const stems = { vocals: silence(), accompaniment: silence() };
  for await (const chunk of separate(song, model)) {
    for (const stem of ['vocals', 'accompaniment'] as const) {
      chunk[stem].forEach((channel, c) => {
        stems[stem][c].set(channel, chunk.start);
      });
    }
  }
  return stems;
}
