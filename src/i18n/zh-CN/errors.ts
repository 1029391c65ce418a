import type { errorsEn } from '../en/errors.ts';
import type { Translated } from '../translated.ts';
import { audioErrors } from './errors/audio.ts';
import { backendErrors } from './errors/backend.ts';
import { checkpointErrors } from './errors/checkpoint.ts';
import { modelErrors } from './errors/model.ts';
import { parameterErrors } from './errors/parameters.ts';
import { storageErrors } from './errors/storage.ts';
import { transformErrors } from './errors/transforms.ts';
import { workerErrors } from './errors/workers.ts';

/** 代码中的全部错误，简体中文。 */
export const errorsZhCN: Translated<typeof errorsEn> = {
  ...audioErrors,
  ...backendErrors,
  ...checkpointErrors,
  ...modelErrors,
  ...parameterErrors,
  ...storageErrors,
  ...transformErrors,
  ...workerErrors,
  detail: '{detail}',
  list: '{first}；{rest}',
};
