import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds that PulseAudio may take to start. */
const MAX_START_MS = 20_000;

/** A sound device that plays in real time, and that nobody hears. */
export interface NullSink {
  /** Environment in which a program plays into it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a PulseAudio of its own with nothing but a null sink. Without a sound device, Firefox and WebKit never start to
 * play.
 *
 * @param folder for its socket and its state
 * @throws Error that says how to get PulseAudio where there is none
 */
export async function startNullSink(folder: string): Promise<NullSink> {
  const socket = join(folder, 'pulse');
  const modules = ['module-null-sink', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`];
  const args = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--log-level=error'];
  const server = spawn('pulseaudio', [...args, ...modules.map((module) => `--load=${module}`)], {
    env: { ...process.env, PULSE_RUNTIME_PATH: folder, PULSE_STATE_PATH: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (text: Buffer) => {
    said += String(text);
  });
  const failed = new Promise<never>((_, reject) => {
    server.once('error', () =>
      reject(new Error('The walks in browsers need PulseAudio: `apt-get install pulseaudio` (Debian, Ubuntu).')),
    );
    server.once('exit', (code) => reject(new Error(`PulseAudio ended with ${code}: ${said}`)));
  });
  await Promise.race([listening(socket), failed]);
  failed.catch(() => undefined);
  return { environment: { PULSE_SERVER: `unix:${socket}` }, close: () => ended(server) };
}

async function listening(socket: string): Promise<void> {
  const until = performance.now() + MAX_START_MS;
  while (!existsSync(socket)) {
    if (performance.now() > until) throw new Error('PulseAudio does not listen.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await exit;
}
