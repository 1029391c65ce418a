import * as Comlink from 'comlink';
import { afterAll, expect, test } from 'vitest';
import * as errors from '../../src/core/errors.ts';
import { messageText } from '../../src/core/message.ts';
import { carryErrors } from '../../src/core/transfer-errors.ts';
import { PredictionError } from '../../src/model/runtime/mask-model.ts';

carryErrors();
const thrown: { error?: unknown } = {};
const { port1, port2 } = new MessageChannel();
Comlink.expose(
  {
    fail() {
      throw thrown.error;
    },
  },
  port1,
);
const remote = Comlink.wrap<{ fail(): void }>(port2);

afterAll(() => {
  port1.close();
  port2.close();
});

async function carried(error: unknown): Promise<unknown> {
  thrown.error = error;
  return await remote.fail().then(
    () => undefined,
    (caught: unknown) => caught,
  );
}

test.each([
  new errors.AudioDecodeError('audio.not-audio', { name: 'a.txt' }),
  new errors.ParameterError('parameter.empty-song'),
  new errors.ModelError('checkpoint.runs-code', { where: 'a.pt', name: 'os.system' }),
  new errors.BackendError('backend.cannot-start', { name: 'webgl' }),
  new errors.ExportError('export.disk-full'),
  new errors.LongSongError('long-song.no-space', { name: 'a', needed: '2.0', free: '1.0' }),
  new errors.UnsungError('archive.song-gone'),
])('$name crosses to another thread with its class, code, values and hint', async (error) => {
  const other = (await carried(error)) as errors.UnsungError;
  expect(other).not.toBe(error);
  expect(other.constructor).toBe(error.constructor);
  const { name, code, values, message, hint, stack } = error;
  expect(other).toMatchObject({ name, code, values, message, hint, stack });
});

test('a message among the values crosses, too', async () => {
  const reasons = errors.messageOf(new errors.BackendError('backend.cannot-start', { name: 'webgl' }));
  const other = (await carried(new errors.BackendError('backend.none-works', { reasons }))) as errors.BackendError;
  expect(messageText(other)).toBe('This device cannot run the network (The backend webgl cannot be started here.).');
});

test('what a subclass adds crosses; its class becomes the kind that the page knows', async () => {
  const other = await carried(new PredictionError('backend.failed', { name: 'webgl' }));
  expect(other).toBeInstanceOf(errors.BackendError);
  expect(other).toMatchObject({ code: 'backend.failed', recoverable: true });
});

test('any other error crosses as Comlink carries it', async () => {
  const other = await carried(new TypeError('a mistake'));
  expect(other).toBeInstanceOf(Error);
  expect(other).not.toBeInstanceOf(errors.UnsungError);
  expect(other).toMatchObject({ name: 'TypeError', message: 'a mistake' });
});
