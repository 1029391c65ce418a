import { transferHandlers } from 'comlink';
import { AudioDecodeError, BackendError, ModelError, ParameterError, UnsungError } from '../errors.ts';

interface Thrown {
  readonly value: unknown;
}

const KNOWN = { AudioDecodeError, ParameterError, ModelError, BackendError };

/**
 * Makes Comlink carry the errors of errors.ts whole, `hint` and class included; on its own it keeps only name and
 * message. To be called once in the worker and once on the page.
 */
export function carryErrors(): void {
  const plain = transferHandlers.get('throw');
  if (!plain) throw new Error('Comlink has no handler for errors.');
  transferHandlers.set('throw', {
    canHandle: plain.canHandle,
    serialize(thrown: unknown) {
      const { value } = thrown as Thrown;
      if (!(value instanceof UnsungError)) return plain.serialize(thrown);
      const { name, message, hint, stack } = value;
      return [{ isError: true, value: { name, message, hint, stack } }, []];
    },
    deserialize(data: unknown) {
      const { isError, value } = data as { isError?: boolean; value: { name: string; message: string; hint?: string } };
      if (!isError || value.hint === undefined) return plain.deserialize(data);
      const known = KNOWN[value.name as keyof typeof KNOWN] ?? UnsungError;
      throw Object.assign(new known(value.message, value.hint), value);
    },
  });
}
