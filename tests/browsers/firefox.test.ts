import { inject } from 'vitest';
import { launchFirefox } from './firefox.ts';
import { walk } from './walk.ts';

walk(() => launchFirefox(inject('builtSite').sound));
