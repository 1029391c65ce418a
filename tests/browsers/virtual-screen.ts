import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A screen that nobody sees. */
export interface VirtualScreen {
  /** Environment in which a program shows its windows there. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts an X server without a screen, for browsers that have no headless mode.
 *
 * @throws Error that says how to get Xvfb where there is none
 */
export async function startVirtualScreen(width: number, height: number): Promise<VirtualScreen> {
  // It writes the number of its display to the fourth of these.
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stderr?.on('data', (text: Buffer) => {
    said += String(text);
  });
  const failed = new Promise<never>((_, reject) => {
    server.once('error', () => reject(new Error('This walk needs Xvfb: `apt-get install xvfb` (Debian, Ubuntu).')));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}: ${said}`)));
  });
  const display = await Promise.race([firstLine(server.stdio[3] as Readable), failed]);
  failed.catch(() => undefined);
  return { environment: { DISPLAY: `:${display}` }, close: () => ended(server) };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream) {
    text += String(part);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await exit;
}
