import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTags } from '../../../src/audio/tags/read-tags.ts';
import { comparable, TAGGED_FILES, taggedFile } from './tagged-files.ts';

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

function riff(...chunks: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  const content = Buffer.concat([text('WAVE'), ...chunks]);
  size.writeUInt32LE(content.length);
  return Buffer.concat([text('RIFF'), size, content]);
}

function chunk(id: string, content: Buffer, size = content.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  header.writeUInt32LE(size, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

describe('readTags', () => {
  test.each(TAGGED_FILES)('reads $what ($file), from a file and from memory', async ({ file, tags }) => {
    const bytes = taggedFile(file);
    expect(comparable(await readTags(bytes))).toEqual(comparable(tags));
    expect(comparable(await readTags(new Blob([bytes])))).toEqual(comparable(tags));
  });

  test('finds none in a file without any, in other files and in no file', async () => {
    expect(await readTags(text('la la la'))).toEqual({});
    expect(await readTags(new Uint8Array(0))).toEqual({});
    expect(await readTags(riff(chunk('data', Buffer.alloc(10))))).toEqual({});
  });

  test('reads a cover of 12 MB', async () => {
    const picture = Buffer.alloc(12_000_000, 7);
    picture.set([0xff, 0xd8, 0xff]);
    const content = Buffer.concat([text('\0image/jpeg\0\x03\0'), picture]);
    const synchsafe = (size: number) => [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
    const frame = [...text('APIC'), ...synchsafe(content.length), 0, 0];
    const header = [...text('ID3\x04\0\0'), ...synchsafe(content.length + 10)];
    const { cover } = await readTags(Buffer.concat([Buffer.from(header), Buffer.from(frame), content]));
    expect(cover?.mimeType).toBe('image/jpeg');
    expect(Buffer.from(cover?.data ?? []).equals(picture)).toBe(true);
  });

  test('finds the tags after the sound of a WAV file whose length is stated elsewhere (RF64)', async () => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(6n, 8);
    const info = chunk('LIST', Buffer.concat([text('INFO'), chunk('INAM', text('A song\0'))]));
    const file = riff(chunk('ds64', ds64), chunk('data', Buffer.alloc(6), 0xffffffff), info);
    file.write('RF64', 'latin1');
    expect(await readTags(file)).toEqual({ title: 'A song' });
  });

  test.each([
    ['2019-05-04T10:00:00Z', '2019-05-04'],
    ['2019-05', '2019-05'],
    ['2019-13-40', '2019'],
    ['May 4, 2019', '2019'],
    ['0000', undefined],
    ['unknown', undefined],
  ])('takes from the date %j what is sure', async (stated, date) => {
    const file = riff(chunk('LIST', Buffer.concat([text('INFO'), chunk('ICRD', text(stated))])));
    expect((await readTags(file)).date).toBe(date);
  });

  test('reads what is left of damaged files, and never fails', async () => {
    const files = TAGGED_FILES.map(({ file }) => taggedFile(file));
    const damage = fc.record({
      file: fc.constantFrom(...files),
      length: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), { maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, length, bytes }) => {
        const damaged = file.slice(0, Math.round(file.length * length));
        for (const [place, value] of bytes) if (damaged.length > 0) damaged[Math.floor(place * damaged.length)] = value;
        const tags = await readTags(damaged);
        for (const value of Object.values(tags)) expect(value).toBeTruthy();
      }),
      { numRuns: 300 },
    );
  });
});
