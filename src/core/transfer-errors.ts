import { transferHandlers } from 'comlink';
import {
  AudioDecodeError,
  BackendError,
  ExportError,
  LongSongError,
  ModelError,
  ParameterError,
  UnsungError,
} from './errors.ts';
import { isMessage } from './message.ts';

interface Thrown {
  readonly value: unknown;
}

const KNOWN = { AudioDecodeError, ParameterError, ModelError, BackendError, ExportError, LongSongError };
/** The classes as what they are made of here: codes whose values were checked where the error was thrown. */
type AnyError = new (code: string, values: unknown) => UnsungError;

let carried = false;

/**
 * Makes Comlink carry the errors of errors.ts whole, code, values and class included; on its own it keeps only name and
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
      const { stack, cause: _, ...own } = value;
      return [{ isError: true, value: { ...own, stack } }, []];
    },
    deserialize(data: unknown) {
      const { isError, value } = data as { isError?: boolean; value: { name?: string } };
      if (!isError || !isMessage(value)) return plain.deserialize(data);
      const known = (KNOWN[value.name as keyof typeof KNOWN] ?? UnsungError) as unknown as AnyError;
      throw Object.assign(new known(value.code, value.values), value);
    },
  });
}
