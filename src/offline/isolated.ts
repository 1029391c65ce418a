/**
 * The headers of cross-origin isolation for each kind of request. Workers inherit the opener policy from their page.
 */
const HEADERS: Readonly<Partial<Record<RequestDestination, Readonly<Record<string, string>>>>> = {
  document: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  worker: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
};

/**
 * Adds the headers that give the page SharedArrayBuffer. Many hosts of static pages send none, so the service worker
 * adds them: from the second visit on, page, worker and player share one copy of a song. Headers from the server stay.
 */
export function isolated(answer: Response, destination: RequestDestination | undefined): Response {
  const missing = Object.entries(HEADERS[destination ?? ''] ?? {}).filter(([name]) => !answer.headers.has(name));
  if (missing.length === 0) return answer;
  const { status, statusText } = answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of missing) headers.set(name, value);
  return new Response(answer.body, { status, statusText, headers });
}
