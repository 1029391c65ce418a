import { bytesOf, type ModelManifest, type NetworkDescription, networksOf, titleOf } from '../manifest.ts';

type Row = Readonly<Record<string, unknown>>;

/** The text of MODEL_CARD.md: what the model is, its training data, its evaluation and its limits. */
export function modelCard(manifest: ModelManifest): string {
  const { stft, patch, sampleRate } = manifest;
  const band = Math.round(((patch.firstBin + patch.bins) * sampleRate) / stft.fftSize);
  const { limits: trainingLimits, ...trainedOn } = manifest.trainedOn;
  const { limits: evaluationLimits, ...evaluation } = manifest.evaluation;
  const limits = [trainingLimits, evaluationLimits].flat().filter((limit) => limit !== undefined);
  const networks = networksOf(manifest);
  const stems = networks.map(([stem]) => stem).join(', ');
  return `${[
    `# ${titleOf(manifest)}`,
    `${networks.length === 1 ? 'A U-Net' : 'U-Nets'} (${stems}) on the mixture's magnitude spectrogram. ` +
      'Written by `npm run convert`; manifest.json beside this card holds the same facts for the program.',
    facts({
      licence: manifest.licence + (manifest.notice === undefined ? '' : ' (NOTICE.txt)'),
      source: manifest.source,
      'sample rate': `${sampleRate} Hz, ${manifest.channels === 1 ? 'mono' : 'stereo'}`,
      STFT: `${stft.window} window of ${stft.windowLength}, FFT ${stft.fftSize}, hop ${stft.hop}`,
      patch: `${patch.bins} bins from bin ${patch.firstBin} × ${patch.frames} frames`,
      input: `normalisation ${JSON.stringify(manifest.normalisation)}, compression ${JSON.stringify(manifest.compression)}`,
      ...Object.fromEntries(
        networks.map(([stem, network]) => [
          networks.length === 1 ? 'network' : `network of the ${stem}`,
          describe(network),
        ]),
      ),
      ...(networks.length > 1 && { 'mask of the vocals': JSON.stringify(manifest.combine) }),
      ...Object.fromEntries(
        Object.entries(manifest.qualities ?? {}).map(([name, quality]) => [
          `quality ${name}`,
          `${quality.networks.join(', ')} on ${quality.bins} bins`,
        ]),
      ),
      size: `${(bytesOf(manifest) / 1e6).toFixed(1)} MB`,
    }),
    '## Trained on',
    section(trainedOn),
    '## Evaluation',
    section(evaluation),
    '## Limits',
    [
      `The network runs on frequencies up to ${band} Hz; above that the mask is ${aboveTheBand(manifest.highBand)}.`,
      ...limits,
    ]
      .map((limit) => `- ${text(limit)}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

function describe(network: NetworkDescription): string {
  if (network.family === 'spleeter') {
    return `Spleeter’s U-Net, filters ${network.filters.join(', ')}, ${network.encoder.kind} and ${network.decoder.kind}`;
  }
  const { kernel, encoderFilters, decoderFilters, output } = network;
  return `U-Net, kernel ${kernel}, encoder ${encoderFilters.join(', ')}, decoder ${decoderFilters.join(', ')}, predicts the ${output}`;
}

function aboveTheBand(highBand: ModelManifest['highBand']): string {
  switch (highBand.rule) {
    case 'zero':
      return '0';
    case 'mean':
      return `its mean from ${highBand.fromHz} Hz up, times ${highBand.gain}`;
    case 'learnt':
      return 'learnt from its parts below: a small network of its own, in the manifest (training/fit_high_band.py)';
  }
}

function section(record: Row): string {
  if (Object.keys(record).length === 0) return 'Not stated.';
  const plain = Object.entries(record).filter(([, value]) => rowsOf(value) === undefined);
  const tables = Object.entries(record).flatMap(([key, value]) => {
    const rows = rowsOf(value);
    return rows ? [`### ${key}\n\n${table(rows)}`] : [];
  });
  return [...(plain.length > 0 ? [facts(Object.fromEntries(plain))] : []), ...tables].join('\n\n');
}

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows of a list of records or of a record of records, which is shown as a table. */
function rowsOf(value: unknown): readonly Row[] | undefined {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return value;
  if (isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isRecord)) {
    return Object.entries(value).map(([key, row]) => ({ '': key, ...(row as Row) }));
  }
  return undefined;
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((c) => text(row[c])))),
  ].join('\n');
}

function facts(record: Row): string {
  return Object.entries(record)
    .map(([key, value]) => `- ${key}: ${text(value)}`)
    .join('\n');
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return plain.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
