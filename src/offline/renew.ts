/** Type of the message that asks the version that waits to take over. */
export const RENEW = 'unsung:renew';

/** What it answers: it is coming, or not, because the page is open in other windows. */
export type RenewAnswer = 'coming' | 'others';
