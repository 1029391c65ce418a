/** Where the page is: at the song, or in the learning room, maybe at one of its sections. */
export type Route = { readonly view: 'song' } | { readonly view: 'learn'; readonly section: string | undefined };

/** Address of the learning room, or of a section of it, from any sub-path. */
export function learnHref(section?: string): string {
  return section === undefined ? '#/learn' : `#/learn/${section}`;
}

/** The route that the part of an address after `#` asks for; whatever is unknown is the song. */
export function parseRoute(hash: string): Route {
  const [, room, section] = hash.replace(/^#/, '').split('/');
  return room === 'learn' ? { view: 'learn', section: section || undefined } : { view: 'song' };
}
