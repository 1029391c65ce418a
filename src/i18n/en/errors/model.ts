const CONVERT = 'Write the model again with “npm run convert”.';
const REMOVE_AND_ADD = 'Remove it under “Models” and add it again, or choose another model.';

/** Models: their files, manifests and weights. */
export const modelErrors = {
  'model.cannot-read': { message: '{path} cannot be read.', hint: 'Check the path of the model.' },
  'model.server-status': {
    message: 'The server answered {status} to {url}.',
    hint: 'Reload the page; if it happens again, the model is not on this server.',
  },
  'model.not-loaded': { message: '{url} could not be loaded.', hint: 'Check the connection, then try again.' },
  'model.file-unusable': {
    message: "The model's file {path} cannot be used, even after a second try: {fault}",
    hint: '{hint}',
  },
  'model.shard-not-listed': {
    message: '{where} needs {shard}, which the manifest does not list.',
    hint: 'Write the model again.',
  },
  'model.list-empty': {
    message: '{where}index.json lists no models.',
    hint: 'Write it again with “npm run convert”.',
  },
  'model.not-json': {
    message: '{where} is not JSON.',
    hint: 'Reload the page; if it happens again, the model is damaged.',
  },
  'model.invalid': { message: '{what} is not valid: {faults}.', hint: '{hint}' },
  'model.old-version': {
    message: '{what} has an older version with fields that are no longer supported: {fields}.',
    hint: 'Remove the model and use one that comes with Unsung.',
  },
  'model.not-kept': {
    message: '“{title}” could not be stored.',
    hint: 'Free space on the device or remove a model, then add it again.',
  },
  'model.file-gone': { message: 'The browser no longer has the file {path}.', hint: REMOVE_AND_ADD },
  'model.files-too-large': {
    message: 'These files have {given} MB; a model of this kind has less than {most} MB.',
    hint: 'Add the files of one model only.',
  },

  'weights.none': { message: '{where} lists no weights.', hint: CONVERT },
  'weights.type': { message: '{where}: the weight {name} has the unknown type {type}.', hint: CONVERT },
  'weights.scales': { message: '{where}: the scales of the weight {name} do not fit its shape.', hint: CONVERT },
  'weights.too-short': { message: '{where}: the shards end before the weight {name}.', hint: CONVERT },
  'weights.too-long': { message: '{where}: the shards have {bytes} bytes too many.', hint: CONVERT },
  'weights.do-not-fit': { message: 'The weights of {where} do not fit: {faults}.', hint: CONVERT },

  // What is described badly: {what} of model.invalid and model.old-version.
  'model.manifest': "The model's manifest {where}",
  'model.description': 'The description of the model in {where}',

  // What is wrong with a file that was loaded: {fault} of model.file-unusable.
  'model-file.empty': 'It is empty.',
  'model-file.length': 'It has {bytes} bytes, not {wanted}.',
  'model-file.checksum': 'Its SHA-256 is not the one in the manifest.',

  // What is wrong with a kept model, in the list of models.
  'kept-model.manifest-too-large': 'Its manifest is too large to be one.',
  'kept-model.manifest-not-json': 'Its manifest is not JSON.',
  'kept-model.other-id': 'Its manifest belongs to “{id}”.',
  'kept-model.file-missing': 'Its file {path} is missing.',
  'kept-model.file-length': 'Its file {path} has {bytes} bytes, not {wanted}.',

  // Hints that depend on where a model comes from: {hint} of model.file-unusable and model.invalid.
  'hint.check-connection':
    'Check the connection, then try again; if it happens again, the file on the server is damaged.',
  'hint.remove-and-add': REMOVE_AND_ADD,
  'hint.get-or-convert': 'Download the model again, or write it again with “npm run convert”.',
  'hint.whole-folder': 'Download the model again and choose its whole folder.',
  'hint.give-fields': 'Pass the fields in a JSON file with --config.',
} as const;
