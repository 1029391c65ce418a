const SAVE_TENSORS = 'Load it with PyTorch and save only the tensors: torch.save(model.state_dict(), "weights.pt").';
const DO_NOT_TRUST = 'Do not trust this file. Get the model from another source.';
const ONE_FOLDER = 'Choose a zip of one model’s folder, or an .npz checkpoint.';
const ONE_MODEL = 'Choose all files of one model, and nothing else.';
const FORMATS =
  'Choose an .npz of Chainer, a .safetensors file, a .pt, .pth or .ckpt file of PyTorch, the .index and .data files of a TensorFlow checkpoint, or a converted model.';

/** Models that a person adds: checkpoints of other systems. {what} is a technical detail, in English. */
export const checkpointErrors = {
  'checkpoint.no-file': { message: 'No file was chosen.', hint: FORMATS },
  'checkpoint.no-model': { message: 'These {count} files are not a model.', hint: FORMATS },
  'checkpoint.unknown-format': { message: '{name} cannot be imported.', hint: FORMATS },
  'checkpoint.pickle': {
    message: '{name} cannot be imported.',
    hint: 'It looks like a Python pickle: save its arrays with torch.save, or as .safetensors or .npz.',
  },
  'checkpoint.hdf5': {
    message: '{name} cannot be imported.',
    hint: 'It looks like an HDF5 file: save its weights as .npz or .safetensors, see docs/converting.md.',
  },
  'checkpoint.several': {
    message: 'There are several checkpoints: {names}.',
    hint: 'Choose the .index and .data files of one of them.',
  },
  'checkpoint.part': {
    message: '{name} is only a part of a TensorFlow checkpoint.',
    hint: 'Choose it together with {names}.',
  },
  'checkpoint.path-missing': { message: '{path} is missing.', hint: 'Choose the whole folder of the model.' },

  'checkpoint.npz-not-zip': {
    message: '{name} is not an .npz file: it does not start like a zip.',
    hint: 'Download the file again.',
  },
  'checkpoint.npz-entry': {
    message: '{where} is not an .npz file: it contains “{entry}”, which is not a NumPy array (.npy).',
    hint: 'Choose a file that Chainer’s save_npz or NumPy’s savez wrote.',
  },
  'checkpoint.npy': {
    message: '{where} cannot be read as a NumPy array (.npy): {what}.',
    hint: 'Save the checkpoint again.',
  },
  'checkpoint.too-large': {
    message: 'The arrays of {where} would take more than {bytes} bytes.',
    hint: 'Choose the checkpoint of the network only, not of a whole data set.',
  },
  'checkpoint.safetensors': {
    message: '{where} is not a complete safetensors file: {what}.',
    hint: 'Export the weights again.',
  },
  'checkpoint.metadata': {
    message: 'The metadata “unsung” of {where} is not a JSON object.',
    hint: 'Export the weights again.',
  },
  'checkpoint.tensorflow': {
    message: '{where} cannot be read as a TensorFlow checkpoint: {what}.',
    hint: 'Choose the .index file and all .data files of one checkpoint that tf.train.Saver or tf.estimator wrote; copy them again if they are damaged.',
  },
  'checkpoint.pytorch': {
    message: '{where} cannot be read as a PyTorch checkpoint: {what}.',
    hint: 'Download the file again, or save it again with torch.save(model.state_dict(), "weights.pt").',
  },
  'checkpoint.runs-code': {
    message: '{where} is refused: it would make Python run “{name}”.',
    hint: DO_NOT_TRUST,
  },
  'checkpoint.unread-object': {
    message: '{where} contains an object made by “{name}”, which is not supported.',
    hint: SAVE_TENSORS,
  },
  'checkpoint.object': {
    message: '{where} contains the Python object “{name}” and no tensors.',
    hint: SAVE_TENSORS,
  },

  'checkpoint.zip': {
    message: '{where} cannot be read as a zip: {what}.',
    hint: 'Download the file again, or pack it again as an ordinary zip without a password.',
  },
  'checkpoint.zip-no-manifest': {
    message: '{where} contains no converted model: manifest.json is missing.',
    hint: ONE_FOLDER,
  },
  'checkpoint.zip-several': { message: '{where} contains several models.', hint: ONE_FOLDER },
  'checkpoint.zip-link': { message: '{where} is refused: “{name}” in it is a link.', hint: DO_NOT_TRUST },
  'checkpoint.zip-path': {
    message: '{where} is refused: “{name}” in it points outside its folder.',
    hint: DO_NOT_TRUST,
  },

  'checkpoint.no-tensors': { message: '{where} contains no tensors.', hint: 'Download the file again.' },
  'checkpoint.unknown-network': {
    message: '{where} contains no network of a supported system: its tensors are {names} …',
    hint: 'Supported systems: {titles}.',
  },
  'checkpoint.which-system': {
    message: '{where} does not say which system it is from.',
    hint: 'Choose a preset: {choices}.',
  },
  'checkpoint.no-preset': { message: 'There is no preset “{id}”.', hint: 'Choose one of: {ids}.' },
  'checkpoint.other-system': {
    message: '{where} is not a checkpoint of {title}: it has no {kernel}, but {names} …',
    hint: 'Choose the preset of the system that wrote it.',
  },
  'checkpoint.lacks-tensors': {
    message: '{where} is not a checkpoint of {title}: it has neither {kernel} nor any other tensor.',
    hint: 'Choose the preset of the system that wrote it.',
  },
  'checkpoint.network-count': {
    message: '{where} has {count} networks; no model of {title} has that many.',
    hint: ONE_MODEL,
  },
  'checkpoint.stem': {
    message: 'The model has {count} networks, one for each stem.',
    hint: 'Leave the stem out.',
  },
  'checkpoint.tensors': {
    message: 'The tensors of {where} do not fit the network: {list}.',
    hint: 'Choose the preset of the system that wrote it, or check “networks” in its description or in --config.',
  },
  'checkpoint.weight-not-finite': {
    message: '{where}: the weight {name} has values that are not finite.',
    hint: 'Convert the model again.',
  },
  'checkpoint.output-not-finite': {
    message: 'The network of {where} produces invalid values (NaN or infinity).',
    hint: 'Its weights are too large or belong to another network: choose another preset or checkpoint.',
  },
} as const;
