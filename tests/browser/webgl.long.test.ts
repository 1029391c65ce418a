import { test } from 'vitest';
import { separateInPage } from './separate-in-page.ts';

test(
  'the page separates a song on WebGL as Node does: pictures, numbers, files',
  () => separateInPage('webgl', ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
  // Without a graphics processor.
  1_200_000,
);
