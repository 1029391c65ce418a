import {
  type Element,
  find,
  ID,
  numberIn,
  type PlacedElement,
  parseElements,
  placedElements,
} from '../../core/ebml.ts';
import type { ByteSource } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';

/** A tag that applies to all of the file, as one without a target does; others are for one track or chapter. */
const ALBUM_LEVEL = 50;
/** Targets: a track, an edition, a chapter, an attachment. */
const TARGET_UIDS: readonly number[] = [ID.TagTrackUID, ID.TagEditionUID, ID.TagChapterUID, ID.TagAttachmentUID];

/** The elements that have tags. */
const WITH_TAGS: readonly number[] = [ID.Info, ID.Tags, ID.Attachments];

/** Elements of a level that are looked at; before the sound, a file has a dozen. */
const MAX_ELEMENTS = 64;

/** Larger elements are not read. */
const MAX_TAG_BYTES = 1 << 27;

const UTF_8 = new TextDecoder();

/**
 * The tags of a Matroska or WebM file: the title that its segment states, its tags, attached pictures. They stand before
 * the sound, or where the index of the segment says.
 *
 * @throws RangeError if they are damaged
 */
export async function readMatroskaTags(source: ByteSource): Promise<SongTags> {
  const fields = new TagFields();
  for await (const { id, start, end, bytes } of limited(placedElements(source, 0, source.size))) {
    if (id !== ID.Segment) continue;
    const placed = await indexedElements(source, start, bytes === undefined ? source.size : end);
    for (const element of placed.filter(({ start, end }) => end - start <= MAX_TAG_BYTES)) {
      const children = parseElements(await source.read(element.start, element.end));
      if (element.id === ID.Info) fields.add('title', textIn(children, ID.Title));
      if (element.id === ID.Tags) for (const tag of all(children, ID.Tag)) addTag(fields, tag);
      if (element.id === ID.Attachments) for (const file of all(children, ID.AttachedFile)) addPicture(fields, file);
    }
    break;
  }
  return fields.tags();
}

/** The elements of a segment that have tags, by their kind: those before its sound, and those that its indexes name. */
async function indexedElements(source: ByteSource, from: number, to: number): Promise<readonly PlacedElement[]> {
  const elements = new Map<number, PlacedElement>();
  for await (const element of limited(placedElements(source, from, to))) {
    if (element.id === ID.Cluster) break;
    elements.set(element.start, element);
  }
  for (const { id, start, end } of [...elements.values()]) {
    if (id !== ID.SeekHead) continue;
    for (const { data } of all(parseElements(await source.read(start, end)), ID.Seek).slice(0, MAX_ELEMENTS)) {
      const entry = parseElements(data);
      const at = from + numberIn(entry, ID.SeekPosition);
      const { value } = await placedElements(source, at, source.size).next();
      if (value && value.id === numberIn(entry, ID.SeekID)) elements.set(value.start, value);
    }
  }
  const found = [...elements.values()];
  return WITH_TAGS.flatMap((kind) => found.filter(({ id }) => id === kind));
}

/** The first elements of a level. */
async function* limited(elements: AsyncIterable<PlacedElement>): AsyncGenerator<PlacedElement> {
  let count = 0;
  for await (const element of elements) {
    yield element;
    if (++count === MAX_ELEMENTS) return;
  }
}

function addTag(fields: TagFields, { data }: Element): void {
  const tag = parseElements(data);
  const targets = parseElements(find(tag, ID.Targets)?.data ?? new Uint8Array(0));
  if (numberIn(targets, ID.TargetTypeValue, ALBUM_LEVEL) !== ALBUM_LEVEL) return;
  if (targets.some(({ id }) => TARGET_UIDS.includes(id))) return;
  for (const simple of all(tag, ID.SimpleTag)) {
    const entry = parseElements(simple.data);
    fields.addNamed(textIn(entry, ID.TagName), textIn(entry, ID.TagString));
  }
}

/** “cover.jpg” is the front cover (RFC 9559, section 21.2). */
function addPicture(fields: TagFields, { data }: Element): void {
  const file = parseElements(data);
  const mimeType = textIn(file, ID.FileMediaType);
  if (!mimeType.startsWith('image/')) return;
  const name = textIn(file, ID.FileName).toLowerCase();
  const type = name.startsWith('cover.') ? 3 : name.startsWith('back.') ? 4 : 0;
  fields.addPicture(type, mimeType, find(file, ID.FileData)?.data ?? new Uint8Array(0));
}

function all(elements: readonly Element[], id: number): readonly Element[] {
  return elements.filter((element) => element.id === id);
}

/** The text in the first element of a kind, up to its first zero byte. */
function textIn(elements: readonly Element[], id: number): string {
  const bytes = find(elements, id)?.data ?? new Uint8Array(0);
  const end = bytes.indexOf(0);
  return UTF_8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
