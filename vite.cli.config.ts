import { defineConfig } from 'vite';
import { commandLine } from './tools/lib/vite-command-line.ts';

// The command line of the package (`npm run build:cli`), beside the library.
export default defineConfig(commandLine('unsung', 'tools/separate.ts', 'dist-lib/bin'));
