/** Backends that the networks run on. */
export const backendErrors = {
  'backend.none-works': {
    message: 'This device cannot run the network ({reasons}).',
    hint: 'Update the browser and the graphics driver, or use another browser.',
  },
  'backend.cannot-start': { message: 'The backend {name} cannot be started here.', hint: 'Choose another backend.' },
  'backend.not-finite': {
    message: 'The backend {name} produced invalid values (NaN or infinity).',
    hint: 'Use a smaller batch or another backend.',
  },
  'backend.failed': { message: 'The backend {name} failed.', hint: 'Use a smaller batch or another backend.' },
  'backend.context-lost': {
    message: 'The page lost access to the graphics card.',
    hint: 'Continue with another backend.',
  },
  'backend.device-error': {
    message: 'The graphics card reported an error ({detail}).',
    hint: 'Use a smaller batch or another backend.',
  },

  // Why a backend is not used: {reasons} of backend.none-works, and the table under “Under the hood”.
  'backend.reason': '{name}: {reason}',
  'backend.wrong': 'computes wrongly (off by {error})',
  'backend.software': 'uses software rendering on this device',

  // Notes.
  'backend.replaced': 'The backend “{wished}” does not work here; “{used}” is used instead.',
  'backend.moved': '{what} The separation continues with “{name}”.',
} as const;
