import { centreSubtraction } from '../../src/metrics/centre-subtraction.ts';
import { idealRatioMaskSeparation, ORACLE } from '../../src/metrics/oracle.ts';
import { QUALITIES, titleOf } from '../../src/model/manifest.ts';
import type { Predictor, VariablePredictor } from '../../src/model/predictor.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import type { Estimates } from './evaluate-measure.ts';
import type { Stems } from './evaluate-stems.ts';
import { idealModel } from './ideal-model.ts';
import { classicWhole, type OnProgress, separateWhole } from './separate-whole.ts';

/** A method of separation, or an upper limit of all methods. */
export interface Method {
  /** Key in the scores. */
  readonly key: string;
  /** Heading of a table's column. */
  readonly title: string;
  /** Description in a sentence. */
  readonly about: string;
  /** Whether BSS Eval is computed, which is slow. */
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
    // Uses the mixture that the model gets. Everything but the vocals counts as accompaniment, which is right where the
    // mixture is the sum of the stems.
    const rest = mixture.map((channel, c) => channel.map((value, n) => value - vocals[c][n]));
    return idealRatioMaskSeparation(vocals, rest, ORACLE);
  },
};

/** A model, or each of its qualities where it has several and none was chosen. */
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

/** A model of several networks with the processing of its own system, for comparison. */
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

/** The methods, in the order of the columns. */
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
