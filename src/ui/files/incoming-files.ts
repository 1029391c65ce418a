import { checkpointEnding, type FileKind, HEAD_BYTES, isSafetensors, kindOfFile, TAIL_BYTES } from './file-kind.ts';

/** A file for the page, with its path as it was dropped: “my-model/manifest.json”. */
export interface IncomingFile {
  readonly path: string;
  readonly file: File;
}

/** The files of one model. */
export interface ModelOffer {
  /**
   * `converted`: a folder written by `npm run convert`; `archive`: a .zip or .whl, which only the import can look into;
   * `checkpoint`: weights of another program, whose preset a person may have to choose.
   */
  readonly form: 'converted' | 'archive' | 'checkpoint';
  readonly files: readonly { readonly name: string; readonly file: File }[];
  /** A name for a person who does not choose one. */
  readonly name: string;
  /** The files describe themselves: no preset is needed. */
  readonly described: boolean;
  /** The usual ending of a checkpoint's files, by their bytes if the name has none. */
  readonly ending?: '.npz' | '.safetensors' | '.pt' | '.index';
}

/** What the files are. */
export type Incoming =
  /** `left`: number of other files beside the songs, such as covers and texts in a folder. */
  | { readonly kind: 'songs'; readonly songs: readonly File[]; readonly left: number }
  | { readonly kind: 'model'; readonly offer: ModelOffer }
  | { readonly kind: 'both'; readonly song: string; readonly model: string }
  | { readonly kind: 'many-models'; readonly names: readonly string[] }
  | { readonly kind: 'nothing' };

/** Maximum bytes of a description, in manifest.json or in the header of a .safetensors file. */
const MAX_HEADER_BYTES = 4_000_000;

/**
 * Sorts what a person dropped, pasted or chose: songs, or one model. Everything in a model's folder belongs to the
 * model. Files that are neither are passed on as songs, so that opening them reports the reason.
 */
export async function sortIncoming(files: readonly IncomingFile[]): Promise<Incoming> {
  const seen = files.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX'));
  if (seen.length === 0) return { kind: 'nothing' };
  const facts = new Map<IncomingFile, FileFacts>();
  for (const incoming of seen) facts.set(incoming, await inspect(incoming.file));
  const kindOf = (incoming: IncomingFile) => facts.get(incoming)?.kind;

  const manifests = seen.filter(({ path }) => baseName(path) === 'manifest.json');
  const folders = manifests.map(({ path }) => path.slice(0, -'manifest.json'.length));
  // Beside a manifest outside any folder, a song is still a song.
  const belongs = (incoming: IncomingFile, folder: string) =>
    incoming.path.startsWith(folder) && (folder !== '' || kindOf(incoming) !== 'song');
  const outside = seen.filter((incoming) => !folders.some((folder) => belongs(incoming, folder)));
  const songs = outside.filter((incoming) => kindOf(incoming) === 'song');
  const loose = outside.filter((incoming) => kindOf(incoming) === 'model');
  const models = [
    ...folders.map((folder) => convertedModel(seen, folder)),
    ...checkpoints(loose).map((set) => checkpoint(set, facts.get(set[0])?.ending)),
  ];
  if (models.length > 0 && songs.length > 0) {
    return { kind: 'both', song: baseName(songs[0].path), model: models[0].name };
  }
  if (models.length > 1) return { kind: 'many-models', names: models.map(({ name }) => name) };
  if (models.length === 1) return { kind: 'model', offer: await withDescription(models[0]) };
  // A folder of songs may hold covers and texts.
  const taken = songs.length > 0 ? songs : seen;
  return { kind: 'songs', songs: taken.map(({ file }) => file), left: seen.length - taken.length };
}

/** What the first and the last bytes of a file reveal. */
interface FileFacts {
  readonly kind: FileKind;
  readonly ending?: ModelOffer['ending'];
}

async function inspect(file: File): Promise<FileFacts> {
  const { name, size } = file;
  try {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const tail = new Uint8Array(await file.slice(Math.max(0, size - TAIL_BYTES)).arrayBuffer());
    return { kind: kindOfFile(name, head, tail), ending: checkpointEnding(name, head, tail) };
  } catch {
    // A folder, or a file that disappeared: opening it reports the reason.
    return { kind: 'unknown' };
  }
}

function convertedModel(files: readonly IncomingFile[], folder: string): ModelOffer {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  return {
    form: 'converted',
    files: inside.map(({ path, file }) => ({ name: path.slice(folder.length), file })),
    name: baseName(folder.replace(/\/$/, '')) || 'model',
    described: true,
  };
}

/**
 * Groups the files of each checkpoint: those of a TensorFlow checkpoint, of a TF.js model, and PyTorch's files in one
 * folder, which may be the networks of one model. Every other file stands alone.
 */
function checkpoints(files: readonly IncomingFile[]): readonly (readonly IncomingFile[])[] {
  const sets = new Map<string, IncomingFile[]>();
  for (const incoming of files) {
    const name = baseName(incoming.path);
    // TensorFlow's own bookkeeping.
    if (/\.meta$/i.test(name) || name === 'checkpoint') continue;
    const tfjs = /^(model\.json|group\d+-shard\d+of\d+(\.bin)?)$/i.test(name);
    const torch = /\.(pth?|ckpt|safetensors)$/i.test(name);
    const whole = name.replace(/\.(index|data-\d+-of-\d+)$/i, '');
    const prefix = tfjs ? 'model.json' : torch ? '*.pt' : whole;
    const folder = incoming.path.slice(0, -name.length);
    const set = sets.get(folder + prefix) ?? [];
    sets.set(folder + prefix, set);
    set.push(incoming);
  }
  // During training, TensorFlow keeps the last few checkpoints in a folder: only the latest is used.
  const series = [...sets.keys()].filter((key) => /-\d+$/.test(key) && (sets.get(key)?.length ?? 0) > 1);
  const steps = (key: string) => Number(/-(\d+)$/.exec(key)?.[1]);
  const stems = new Set(series.map((key) => key.replace(/\d+$/, '')));
  if (series.length > 1 && stems.size === 1) {
    const latest = series.reduce((a, b) => (steps(b) > steps(a) ? b : a));
    for (const key of series) if (key !== latest) sets.delete(key);
  }
  return [...sets.values()];
}

function checkpoint(files: readonly IncomingFile[], ending: ModelOffer['ending']): ModelOffer {
  const [{ path }] = files;
  const whole = baseName(path);
  const name =
    whole.replace(/\.(index|data-\d+-of-\d+|npz|npy|safetensors|zip|whl|pth?|ckpt|h5|hdf5|json)$/i, '') || whole;
  return {
    form: /\.(zip|whl)$/i.test(whole) ? 'archive' : 'checkpoint',
    files: files.map((incoming) => ({ name: baseName(incoming.path), file: incoming.file })),
    name,
    described: false,
    ending,
  };
}

/** Adds the name that the files state: in manifest.json, or in the header of a .safetensors file. */
async function withDescription(offer: ModelOffer): Promise<ModelOffer> {
  try {
    const stated = await description(offer);
    if (!stated) return offer;
    // The title is one text, or one per language.
    const title = typeof stated.title === 'object' ? (stated.title as { en?: unknown } | null)?.en : stated.title;
    return { ...offer, described: true, name: typeof title === 'string' && title.trim() ? title : offer.name };
  } catch {
    // Invalid: the import reports the reason.
    return offer;
  }
}

async function description({ form, files }: ModelOffer): Promise<Record<string, unknown> | undefined> {
  if (form === 'converted') {
    const manifest = files.find(({ name }) => name === 'manifest.json')?.file;
    return manifest && manifest.size < MAX_HEADER_BYTES ? JSON.parse(await manifest.text()) : undefined;
  }
  const [{ file }] = files;
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (!isSafetensors(head)) return undefined;
  const length = new DataView(head.buffer).getUint32(0, true);
  if (length > MAX_HEADER_BYTES) return undefined;
  const header = JSON.parse(await file.slice(8, 8 + length).text()) as { __metadata__?: { unsung?: string } };
  const stated = header.__metadata__?.unsung;
  return stated === undefined ? undefined : JSON.parse(stated);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
