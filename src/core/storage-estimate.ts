/**
 * Bytes that the browser gives the page, and that it has taken; empty where the browser does not say, as WebKitGTK and
 * Safari before 17.
 */
export async function storageEstimate(): Promise<StorageEstimate> {
  try {
    return await navigator.storage.estimate();
  } catch {
    return {};
  }
}
