import { asciiOf, type ByteSource, viewOf } from './byte-source.ts';

/** Larger lists of tags are not read. */
const MAX_LIST_BYTES = 1 << 27;

interface Box {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The free-form fields of an MP4 file (atoms “----”), by their names in capitals. Programs for DJs write the key there,
 * as “initialkey”.
 *
 * @throws RangeError if a field is damaged
 */
export async function readMp4OwnFields(source: ByteSource): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>();
  let parent: Box | undefined = { name: '', start: 0, end: source.size };
  for (const name of ['moov', 'udta', 'meta', 'ilst']) {
    // “meta” begins with its version and flags, in QuickTime without.
    const skipped: number = parent.name === 'meta' ? await metaHeader(source, parent) : 0;
    parent = await find(source, { ...parent, start: parent.start + skipped }, name);
    if (!parent) return fields;
  }
  if (parent.end - parent.start > MAX_LIST_BYTES) return fields;
  for await (const item of boxesOf(source, parent)) {
    if (item.name !== '----') continue;
    const texts: Record<string, string> = {};
    for await (const { name, start, end } of boxesOf(source, item)) {
      const content = await source.read(start + (name === 'data' ? 8 : 4), end);
      texts[name] ??= new TextDecoder().decode(content);
    }
    if (texts.name && texts.data) fields.set(texts.name.toUpperCase(), texts.data);
  }
  return fields;
}

async function metaHeader(source: ByteSource, { start }: Box): Promise<number> {
  return asciiOf(await source.read(start + 4, start + 8)) === 'hdlr' ? 0 : 4;
}

async function find(source: ByteSource, parent: Box, name: string): Promise<Box | undefined> {
  for await (const box of boxesOf(source, parent)) if (box.name === name) return box;
  return undefined;
}

async function* boxesOf(source: ByteSource, { start, end }: Box): AsyncGenerator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const header = await source.read(at, at + 16);
    const view = viewOf(header);
    let size = view.getUint32(0);
    let headerBytes = 8;
    if (size === 1) {
      size = Number(view.getBigUint64(8));
      headerBytes = 16;
    } else if (size === 0) size = end - at;
    if (size < headerBytes) return;
    yield { name: asciiOf(header, 4, 8), start: at + headerBytes, end: Math.min(end, at + size) };
    at += size;
  }
}
