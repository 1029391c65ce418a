/** Workers that fail. */
export const workerErrors = {
  'separation.stopped': {
    message: 'The separation broke off.',
    hint: 'Try again; if it happens again, reload the page.',
  },
  'worker.crashed': {
    message: 'A part of this page that works in the background has crashed.',
    hint: 'If something has stopped, start it again: nothing that was finished is lost.',
  },
} as const;
