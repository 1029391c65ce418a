/** Type of the message that asks the waiting version to take over. */
export const RENEW = 'unsung:renew';

/** The answer: it takes over (`coming`), or not, because the page is open in other windows (`others`). */
export type RenewAnswer = 'coming' | 'others';
