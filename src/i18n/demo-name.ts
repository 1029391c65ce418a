/** What the demo song is called in each language of the page: `start.demoName`. */
export const DEMO_NAMES: readonly string[] = ['Sing It to the Sea', '示例歌曲 Sing It to the Sea'];

/** Whether a file is called as the demo song is, in any language of the page. */
export function isDemoName(fileName: string): boolean {
  return DEMO_NAMES.includes(fileName);
}
