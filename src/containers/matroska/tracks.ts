import { type Element, element, find, ID, numberIn, parseElements, unsigned } from '../../core/ebml.ts';

const VIDEO = 1;
const AUDIO = 2;

/** What the entry of a replaced sound keeps. */
const IDENTITY = new Set<number>([
  ID.TrackNumber,
  ID.TrackUID,
  ID.FlagEnabled,
  ID.FlagDefault,
  ID.FlagForced,
  ID.Name,
  ID.Language,
  ID.LanguageBCP47,
]);

/** Nanoseconds of a frame of a track. */
const DEFAULT_DURATION = 0x23e383;

/** The tracks of a file with another sound. */
export interface NewTracks {
  readonly element: Element;
  /** Number of the sound's track. */
  readonly sound: number;
  /** Number of the first picture. */
  readonly picture: number | undefined;
  /** Numbers of the tracks that are copied, and nanoseconds of a frame of each. */
  readonly kept: ReadonlyMap<number, number>;
  /** The UIDs of the sounds that are no longer there. */
  readonly gone: ReadonlySet<number>;
}

/**
 * The entries of all tracks but the sounds stay as they are. The new sound has the number, the name, the language and
 * the flags of the one that it replaces.
 *
 * @param entry what is said of the new sound
 * @param track which of the sounds is replaced, from 1; undefined: the default one
 * @returns undefined if there is no sound
 */
export function newTracks(
  tracks: Uint8Array,
  entry: readonly Element[],
  track: number | undefined,
): NewTracks | undefined {
  const all = parseElements(tracks)
    .filter(({ id }) => id === ID.TrackEntry)
    .map(({ data }) => ({ data, fields: parseElements(data) }))
    .map((found) => ({
      ...found,
      type: numberIn(found.fields, ID.TrackType),
      number: numberIn(found.fields, ID.TrackNumber),
    }));
  const sounds = all.filter(({ type }) => type === AUDIO);
  // The flag is set where it is missing (RFC 9559, 5.1.4.1.5).
  const isDefault = ({ fields }: { readonly fields: readonly Element[] }) => numberIn(fields, ID.FlagDefault, 1) === 1;
  const replaced = sounds[(track ?? 0) - 1] ?? sounds.find(isDefault) ?? sounds[0];
  if (!replaced) return undefined;
  const entries = all
    .filter((found) => found.type !== AUDIO || found === replaced)
    .map((found) =>
      found !== replaced
        ? element(ID.TrackEntry, found.data)
        : element(ID.TrackEntry, [
            ...found.fields.filter(({ id }) => IDENTITY.has(id)),
            unsigned(ID.TrackType, AUDIO),
            unsigned(ID.FlagLacing, 0),
            ...entry,
          ]),
    );
  const others = all.filter(({ type }) => type !== AUDIO);
  return {
    element: element(ID.Tracks, entries),
    sound: replaced.number,
    picture: others.find(({ type }) => type === VIDEO)?.number,
    kept: new Map(others.map(({ number, fields }) => [number, numberIn(fields, DEFAULT_DURATION)])),
    gone: new Set(sounds.map(({ fields }) => numberIn(fields, ID.TrackUID))),
  };
}

/** Whether one of the tracks is a moving picture. */
export function hasPicture(tracks: Uint8Array | undefined): boolean {
  return parseElements(tracks ?? new Uint8Array(0))
    .filter(({ id }) => id === ID.TrackEntry)
    .some(({ data }) => numberIn(parseElements(data), ID.TrackType) === VIDEO);
}

/** The tags without those of sounds that are no longer there, such as their bit rates. */
export function tagsWithout(tags: Uint8Array, gone: ReadonlySet<number>): Element {
  const left = parseElements(tags).filter(({ id, data }) => {
    if (id === ID.Crc32) return false;
    const targets = find(parseElements(data), ID.Targets);
    return !targets || !gone.has(numberIn(parseElements(targets.data), ID.TagTrackUID, -1));
  });
  return element(ID.Tags, left);
}
