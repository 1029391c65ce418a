import { createStretcher } from './load-stretcher.ts';
import { STRETCH_NAME } from './mixer-messages.ts';

// Loaded with the first change of speed or key, into the scope of the running mixer.
Object.assign(globalThis, { [STRETCH_NAME]: createStretcher });
