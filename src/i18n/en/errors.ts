import { audioErrors } from './errors/audio.ts';
import { backendErrors } from './errors/backend.ts';
import { checkpointErrors } from './errors/checkpoint.ts';
import { modelErrors } from './errors/model.ts';
import { parameterErrors } from './errors/parameters.ts';
import { storageErrors } from './errors/storage.ts';
import { transformErrors } from './errors/transforms.ts';
import { workerErrors } from './errors/workers.ts';

/**
 * Every error of the code (message and hint), and the notes and clauses that messages are made of (a string alone), in
 * English. `{name}` is filled in with a value, which may be a message of this table; see core/message.ts. Data only:
 * core/ imports this one file of i18n/.
 */
export const errorsEn = {
  ...audioErrors,
  ...backendErrors,
  ...checkpointErrors,
  ...modelErrors,
  ...parameterErrors,
  ...storageErrors,
  ...transformErrors,
  ...workerErrors,
  /** What another program, the browser or the system said. */
  detail: '{detail}',
  /** A list of clauses. */
  list: '{first}; {rest}',
} as const;
