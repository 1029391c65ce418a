import { test } from 'vitest';
import { SOFTWARE_GRAPHICS } from './chromium.ts';
import { separateInPage } from './separate-in-page.ts';

test.each(['webgl', 'webgpu'] as const)(
  'the page separates a song on %s as Node does: pictures, numbers, files',
  (backend) => separateInPage(backend, SOFTWARE_GRAPHICS),
  // Without a graphics processor.
  1_200_000,
);
