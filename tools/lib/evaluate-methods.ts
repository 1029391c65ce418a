import { centreSubtraction } from '../../src/metrics/centre-subtraction.ts';
import { idealRatioMaskSeparation, ORACLE } from '../../src/metrics/oracle.ts';
import { QUALITIES, titleOf } from '../../src/model/manifest.ts';
import type { Predictor, VariablePredictor } from '../../src/model/predictor.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { Estimates } from './evaluate-measure.ts';
import type { Stems } from './evaluate-stems.ts';
import { idealModel } from './ideal-model.ts';
import { classicWhole, type OnProgress, separateWhole } from './separate-whole.ts';

/** A way to separate a song, or a limit of all ways. */
export interface Method {
  /** In the scores. */
  readonly key: string;
  /** Over a column of a table. */
  readonly title: string;
  /** In a sentence. */
  readonly about: string;
  /** Whether BSS Eval is worth its time. */
  readonly bss: boolean;
  readonly estimate: (stems: Stems, onProgress: OnProgress) => Promise<Estimates>;
}

export { ORACLE };

const MIXTURE: Method = {
  key: 'mixture',
  title: 'mixture',
  about: 'the unprocessed song taken for the stem',
  bss: true,
  estimate: async ({ mixture }) => ({ vocals: mixture, accompaniment: mixture }),
};

const CENTRE: Method = {
  key: 'centre',
  title: 'centre',
  about:
    'centre-channel subtraction, the old karaoke trick: accompaniment (L − R) / 2 in both channels, vocals the rest; of a mono song the accompaniment is silence',
  bss: true,
  estimate: async ({ mixture }) => centreSubtraction(mixture),
};

const IDEAL: Method = {
  key: 'idealRatioMask',
  title: 'ideal',
  about: `the ideal ratio mask, made from the true stems, each channel on its own (FFT ${ORACLE.fftSize}, hop ${ORACLE.hop})`,
  bss: false,
  estimate: async ({ vocals, mixture }) => {
    // Applied to the mixture that the model gets too. What is not vocals counts as accompaniment in it, which is the
    // accompaniment where the mixture is the sum of the stems.
    const rest = mixture.map((channel, c) => channel.map((value, n) => value - vocals[c][n]));
    return idealRatioMaskSeparation(vocals, rest, ORACLE);
  },
};

/** A model, or each of its qualities where it has several and none is asked for. */
function modelMethods(model: Predictor, options: SeparationOptions): readonly Method[] {
  const { manifest } = model;
  const { id, qualities } = manifest;
  const asked = qualities && options.quality === undefined ? QUALITIES : [options.quality];
  return asked.map((quality) => {
    const several = quality !== undefined && asked.length > 1;
    return {
      key: several ? `${id}/${quality}` : id,
      title: several ? `${id} ${quality}` : id,
      about: titleOf(manifest) + (several ? `: ${aboutQuality(qualities![quality])}` : ''),
      bss: true,
      estimate: (stems, onProgress) => separateWhole(stems, model, onProgress, { ...options, quality }),
    };
  });
}

function aboutQuality({ networks, bins }: { readonly networks: readonly string[]; readonly bins: number }): string {
  return `${networks.length === 1 ? 'the network' : 'the networks'} of ${networks.join(' and ')}, ${bins} bins`;
}

/** A model of several networks by the processing of the system that it comes from, for comparison with that. */
function classicMethod(model: VariablePredictor): Method {
  const { id } = model.manifest;
  return {
    key: `${id}/classic`,
    title: `${id} classic`,
    about: `${titleOf(model.manifest)}: its own system's processing (\`--classic\`)`,
    bss: true,
    estimate: (stems, onProgress) => classicWhole(stems, model, onProgress),
  };
}

function idealOf({ manifest }: Predictor): Method {
  return {
    key: `${manifest.id}/ideal`,
    title: `ideal ${manifest.id}`,
    about: `the ideal ratio mask in the STFT and the band of ${manifest.id}`,
    bss: false,
    estimate: async (stems, onProgress) => separateWhole(stems, await idealModel(stems, manifest), onProgress),
  };
}

/** What is measured, in the order of the columns. */
export function chooseMethods(
  models: readonly VariablePredictor[],
  { baselines, options = {} }: { baselines: boolean; options?: SeparationOptions },
): readonly Method[] {
  return [
    MIXTURE,
    ...(baselines ? [CENTRE] : []),
    ...models.flatMap((model) => modelMethods(model, options)),
    ...(baselines ? models.filter(({ manifest }) => manifest.qualities).map(classicMethod) : []),
    ...(baselines ? models.map(idealOf) : []),
    IDEAL,
  ];
}
