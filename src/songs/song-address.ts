/** Characters of a song's id in its address: of two random ids one in four thousand million is alike. */
const ID_LENGTH = 8;

/** Characters of a song's name in its address. */
const MAX_NAME_LENGTH = 60;

/** What the part of an address from “#” on names. */
export type SongAddress =
  | { readonly kind: 'song'; readonly id: string }
  /** The page without a song. */
  | { readonly kind: 'start' }
  /** Another view of the page. */
  | { readonly kind: 'other' };

/** The address of a song, relative to the page: “#/song/1f3a9c2e/Artist-Title”. The name is for people alone. */
export function songAddress({ id, name }: { readonly id: string; readonly name: string }): string {
  const words = name.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const readable = [...words.join('-')].slice(0, MAX_NAME_LENGTH).join('');
  return `#/song/${id.slice(0, ID_LENGTH)}${readable && `/${readable}`}`;
}

/** Parses the part of an address from “#” on. */
export function parseSongAddress(hash: string): SongAddress {
  const [, view, id] = hash.replace(/^#/, '').split('/');
  if (view === 'song' && id) return { kind: 'song', id };
  return view ? { kind: 'other' } : { kind: 'start' };
}

/** Whether the song of that id is the one that an address names. */
export function isAddressed(id: string, address: SongAddress): boolean {
  return address.kind === 'song' && id.slice(0, ID_LENGTH) === address.id;
}
