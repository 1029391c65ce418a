import { readFile, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** One of Chromium's processes. */
export interface ChromiumProcess {
  /** `renderer`: the page with all its workers; `GPU`: the graphics. */
  readonly type: string;
  readonly pid: number;
  /** Processor time since its start, of all its threads. */
  readonly cpuMs: number;
}

/** Bytes of a process, as Linux counts them. */
export interface ProcessMemory {
  /** Resident now, code and files shared with other processes included. */
  readonly resident: number;
  /** The most that was ever resident, or since the last resetPeak. */
  readonly peak: number;
  /** Resident, of its own or shared with other processes by request: not code, not files. */
  readonly anonymous: number;
}

/** Chromium's processes now. */
export async function listProcesses(browser: Browser): Promise<readonly ChromiumProcess[]> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.map(({ type, id, cpuTime }) => ({ type, pid: id, cpuMs: 1000 * cpuTime }));
  } finally {
    await session.detach();
  }
}

/** Processor time of all of Chromium's processes. Processes that end take theirs with them. */
export async function cpuMs(browser: Browser): Promise<number> {
  return (await listProcesses(browser)).reduce((sum, process) => sum + process.cpuMs, 0);
}

/** The memory of the largest process of a type; nothing where there is no /proc (not Linux) or no such process. */
export async function largest(browser: Browser, type: string): Promise<ProcessMemory | undefined> {
  const found: ProcessMemory[] = [];
  for (const process of await listProcesses(browser)) {
    const memory = process.type === type ? await readMemory(process.pid) : undefined;
    if (memory) found.push(memory);
  }
  return found.sort((a, b) => b.peak - a.peak)[0];
}

/** Makes the peaks begin anew. Needs Linux; elsewhere nothing happens. */
export async function resetPeaks(browser: Browser): Promise<void> {
  for (const { pid } of await listProcesses(browser)) {
    // proc(5): 5 resets the peak resident set size.
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
  }
}

async function readMemory(pid: number): Promise<ProcessMemory | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const bytes = (field: string): number =>
    1024 * Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM'), anonymous: bytes('RssAnon') + bytes('RssShmem') };
}
