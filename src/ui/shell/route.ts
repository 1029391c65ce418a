/** The view of the page: the song, or the learning view, maybe at one of its sections. */
export type Route = { readonly view: 'song' } | { readonly view: 'learn'; readonly section: string | undefined };

/** Address of the learning page or of one of its sections, relative to the page. */
export function learnHref(section?: string): string {
  return section === undefined ? '#/learn' : `#/learn/${section}`;
}

/** Parses the part of an address after `#`; anything unknown is the song. */
export function parseRoute(hash: string): Route {
  const [, view, section] = hash.replace(/^#/, '').split('/');
  return view === 'learn' ? { view: 'learn', section: section || undefined } : { view: 'song' };
}
