import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { createZip } from '../../../src/audio/encode/zip.ts';
import { ExportError } from '../../../src/core/errors.ts';

const DATE = new Date('2026-01-02T03:04:06');

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

test('what goes into a ZIP piece by piece comes out whole, under its name', async () => {
  const sink = memorySink();
  const zip = createZip(sink, DATE);
  await zip.add('夜曲 (Vocals).wav', pieces(Uint8Array.of(1, 2), Uint8Array.of(3)));
  await zip.add('empty.wav', pieces());
  await zip.finish();
  const files = unzipSync(Buffer.concat(sink.pieces()));
  expect(Object.keys(files)).toEqual(['夜曲 (Vocals).wav', 'empty.wav']);
  expect([...files['夜曲 (Vocals).wav']]).toEqual([1, 2, 3]);
});

test('more than a ZIP can be is refused', async () => {
  const sink = memorySink();
  const zip = createZip(sink, DATE, 1000);
  await zip.add('short.wav', pieces(new Uint8Array(800)));
  const error = await zip.add('long.wav', pieces(new Uint8Array(100), new Uint8Array(100))).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ExportError);
  expect((error as ExportError).code).toBe('export.zip-too-large');
});
