import type { AudioData } from '../../audio/audio-data.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { sdr } from '../../metrics/sdr.ts';
import { BROWSER_BACKENDS, prepareBackends } from '../../model/runtime/backend.browser.ts';
import { chooseBackend } from '../../model/runtime/backend.ts';
import { loadChosen } from '../../separation/model-registry.ts';
import { probeStore } from '../../separation/probe-storage.ts';
import { separate } from '../../separation/separate.ts';
import { transferArrays } from '../transfer-arrays.ts';
import type { InsideEngine } from './inside-engine.ts';
import { CutPredictor, Inspector } from './inspector.ts';

prepareBackends();

let inspector: Inspector | undefined;
let excerpt: AudioData | undefined;
let truth: AudioData | undefined;
/** The excerpt's vocals and mask with nothing cut. */
let whole: { readonly vocals: Float32Array<ArrayBuffer>[]; readonly mask: Float32Array } | undefined;

async function vocalsOf(sound: AudioData, cut: ReadonlySet<number>): Promise<Float32Array<ArrayBuffer>[]> {
  const vocals = sound.channels.map((channel) => new Float32Array(channel.length));
  const { manifest, network } = opened();
  for await (const chunk of separate(sound, new CutPredictor(manifest, network, cut))) {
    for (const [c, channel] of chunk.vocals.entries()) vocals[c].set(channel, chunk.start);
  }
  return vocals;
}

function opened(): Inspector {
  if (!inspector) throw new Error('open() comes first.');
  return inspector;
}

const engine: InsideEngine = {
  async open({ model, modelsUrl, backend: override }) {
    const loaded = await loadChosen(model, modelsUrl);
    const { backend, report } = await chooseBackend(loaded, { order: BROWSER_BACKENDS, override, store: probeStore() });
    inspector = await Inspector.create(loaded);
    return { backend, report };
  },

  async take(sound, known) {
    excerpt = sound;
    truth = known;
    whole = undefined;
    return opened().take(sound);
  },

  async featureMaps(layer, cut) {
    const maps = await opened().featureMaps(layer, new Set(cut));
    return transferArrays(maps, ...maps.maps.map(({ bytes }) => bytes));
  },

  async cut(indices) {
    if (!excerpt) throw new Error('take() comes first.');
    const cut = new Set(indices);
    const network = opened();
    whole ??= { vocals: await vocalsOf(excerpt, new Set()), mask: await network.mask(new Set()) };
    const mask = await network.mask(cut);
    const vocals = await vocalsOf(excerpt, cut);
    let change = 0;
    for (let n = 0; n < mask.length; n++) change += Math.abs(mask[n] - whole.mask[n]);
    const known = truth?.channels;
    return {
      mask,
      maskChange: change / mask.length,
      whole: whole.vocals.map((channel) => channel.slice()),
      vocals,
      ...(known && { sdr: { whole: sdr(known, whole.vocals), cut: sdr(known, vocals) } }),
    };
  },

  field: (frame, bin, cut) => opened().field(frame, bin, new Set(cut)),
};

exposeEngine(engine);
