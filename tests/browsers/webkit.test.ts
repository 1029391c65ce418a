import { inject } from 'vitest';
import { walk } from './walk.ts';
import { launchWebKit } from './webkit.ts';

walk(() => launchWebKit(inject('builtSite').sound));
