import { AUDIO_ENDINGS, VIDEO_ENDINGS } from '../../audio/file-endings.ts';

/** The kind of a file, by its name and a few of its bytes. */
export type FileKind = 'song' | 'model' | 'unknown';

/** Bytes to read at the beginning and at the end of a file. */
export const HEAD_BYTES = 16;
export const TAIL_BYTES = 8;

/** Names that only files of models have, whatever their bytes: raw numbers may look like anything. */
const MODEL_NAMES =
  /(^|\/)(manifest\.json|model\.json|checkpoint|unet\.model|group\d+-shard\d+of\d+(\.bin)?)$|\.(index|data-\d+-of-\d+|meta)$/i;
/** Endings of models, including some that the import does not read, so that it can say so. */
const MODEL_ENDINGS = /\.(npz|npy|safetensors|model|ckpt|pth?|pkl|h5|hdf5|keras|onnx|pb|tflite|zip)$/i;
const SONG_ENDINGS = new RegExp(`\\.(${[...AUDIO_ENDINGS, ...VIDEO_ENDINGS].join('|')})$`, 'i');

/** First byte of each packet of MPEG-TS (ISO 13818-1, 2.4.3.2). TypeScript's files have the same ending. */
const MPEG_TS_SYNC = 0x47;

/** First bytes of audio formats; “?” stands for any byte. */
const SONG_BEGINNINGS = [
  'RIFF????WAVE',
  'RIFF????AVI ',
  'RF64????WAVE',
  'riff',
  'FORM????AIF',
  'ID3',
  'OggS',
  'fLaC',
  '????ftyp',
  '\x1aE\xdf\xa3',
  'caff',
  'ADIF',
  '.snd',
  'wvpk',
  'TTA1',
  'FLV',
  '0&\xb2u\x8ef\xcf\x11',
];
/** First bytes of PyTorch's pickle before version 1.6. */
const OLD_TORCH = '\x80\x02\x8a\x0a';
/** First bytes of model files: ZIP (npz, PyTorch, an archive of a model), HDF5, npy, old PyTorch. */
const MODEL_BEGINNINGS = ['PK\x03\x04', 'PK\x05\x06', '\x89HDF\r\n', '\x93NUMPY', OLD_TORCH];
/** Magic number at the end of a LevelDB table, the format of a TensorFlow checkpoint's index: table/format.h. */
const TABLE_END = '\x57\xfb\x80\x8b\x24\x75\x47\xdb';

/**
 * Tells songs from models. Magic numbers take precedence over the name.
 *
 * @param name with or without folders
 * @param head the first HEAD_BYTES bytes, or all
 * @param tail the last TAIL_BYTES bytes, or all
 */
export function kindOfFile(name: string, head: Uint8Array, tail: Uint8Array): FileKind {
  if (MODEL_NAMES.test(name)) return 'model';
  const first = String.fromCharCode(...head);
  if (SONG_BEGINNINGS.some((magic) => begins(first, magic))) return 'song';
  if (MODEL_BEGINNINGS.some((magic) => begins(first, magic)) || isSafetensors(head)) return 'model';
  if (String.fromCharCode(...tail).endsWith(TABLE_END)) return 'model';
  if (MODEL_ENDINGS.test(name)) return 'model';
  if (/\.ts$/i.test(name) && head[0] !== MPEG_TS_SYNC) return 'unknown';
  if (SONG_ENDINGS.test(name)) return 'song';
  // A frame of MPEG audio or ADTS begins with eleven ones. Checked last, as other files may begin like that.
  return head[0] === 0xff && (head[1] & 0xe0) === 0xe0 ? 'song' : 'unknown';
}

/** The usual ending of a checkpoint's files, by their bytes if the name does not tell; undefined: not a checkpoint. */
export function checkpointEnding(
  name: string,
  head: Uint8Array,
  tail: Uint8Array,
): '.npz' | '.safetensors' | '.pt' | '.index' | undefined {
  if (/\.(index|data-\d+-of-\d+)$/i.test(name)) return '.index';
  if (isSafetensors(head)) return '.safetensors';
  const first = String.fromCharCode(...head);
  if (begins(first, OLD_TORCH)) return '.pt';
  if (begins(first, 'PK') && !/\.(zip|whl)$/i.test(name)) return /\.(pth?|ckpt)$/i.test(name) ? '.pt' : '.npz';
  return String.fromCharCode(...tail).endsWith(TABLE_END) ? '.index' : undefined;
}

/**
 * Whether a file begins like safetensors: eight bytes for the length of a JSON header (little-endian), then the header.
 * https://github.com/huggingface/safetensors
 */
export function isSafetensors(head: Uint8Array): boolean {
  return head.length > 9 && head[8] === 0x7b && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

function begins(text: string, magic: string): boolean {
  return text.length >= magic.length && [...magic].every((byte, n) => byte === '?' || byte === text[n]);
}
