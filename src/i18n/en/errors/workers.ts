/** Workers that fail. */
export const workerErrors = {
  'separation.stopped': {
    message: 'The separation stopped unexpectedly.',
    hint: 'Try again; if it happens again, reload the page.',
  },
  'worker.crashed': {
    message: 'A background worker of this page has crashed.',
    hint: 'If something stopped, start it again. Finished work is not lost.',
  },
} as const;
