/** The headers of cross-origin isolation, by what is loaded. Workers inherit the opener policy from their page. */
const HEADERS: Readonly<Partial<Record<RequestDestination, Readonly<Record<string, string>>>>> = {
  document: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  worker: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
};

/**
 * The answer with the headers that give the page SharedArrayBuffer. Servers that send none of their own, as many hosts of
 * static pages do, leave that to the service worker: from the second visit on page, worker and player share one copy of a
 * song. What a server does send stays.
 */
export function isolated(answer: Response, destination: RequestDestination | undefined): Response {
  const missing = Object.entries(HEADERS[destination ?? ''] ?? {}).filter(([name]) => !answer.headers.has(name));
  if (missing.length === 0) return answer;
  const { status, statusText } = answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of missing) headers.set(name, value);
  return new Response(answer.body, { status, statusText, headers });
}
