import { transferHandlers } from 'comlink';
import { AudioDecodeError, BackendError, LongSongError, ModelError, ParameterError, UnsungError } from './errors.ts';

interface Thrown {
  readonly value: unknown;
}

const KNOWN = { AudioDecodeError, ParameterError, ModelError, BackendError, LongSongError };

let carried = false;

/**
 * Makes Comlink carry the errors of errors.ts whole, `hint` and class included; on its own it keeps only name and
 * message. To be called in the worker and on the page; a second call does nothing.
 */
export function carryErrors(): void {
  if (carried) return;
  carried = true;
  const plain = transferHandlers.get('throw');
  if (!plain) throw new Error('Comlink has no handler for errors.');
  transferHandlers.set('throw', {
    canHandle: plain.canHandle,
    serialize(thrown: unknown) {
      const { value } = thrown as Thrown;
      if (!(value instanceof UnsungError)) return plain.serialize(thrown);
      const { message, hint, stack, cause: _, ...own } = value;
      return [{ isError: true, value: { ...own, message, hint, stack } }, []];
    },
    deserialize(data: unknown) {
      const { isError, value } = data as { isError?: boolean; value: { name: string; message: string; hint?: string } };
      if (!isError || value.hint === undefined) return plain.deserialize(data);
      const known = KNOWN[value.name as keyof typeof KNOWN] ?? UnsungError;
      throw Object.assign(new known(value.message, value.hint), value);
    },
  });
}
