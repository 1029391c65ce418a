import { loadavg } from 'node:os';
import { clock } from '../../tools/lib/progress.ts';
import { loads } from '../lib/print.ts';
import { table } from '../lib/table.ts';
import type { MemoryReport, Moment } from './measure-memory.ts';

/** The memory of the page, moment by moment, in megabytes of 10⁶ bytes. */
export function memoryText({ song, backend, moments }: MemoryReport): string {
  const length = song.seconds === undefined ? '' : ` of ${clock(song.seconds)}`;
  const head = [
    '',
    'time, s',
    'page’s peak',
    'now',
    'own',
    'graphics’ peak',
    'scripts',
    'tensors',
    'in tensors',
    'in GPU',
  ];
  return [
    `Memory of the page in Chromium, ${backend}, song after song${length} (${song.name}), load average ${loads(loadavg())}`,
    'In MB (10⁶ bytes). Page: its process, all workers included; peak since the line above; own: without code and files.',
    table(head, moments.map(cells)),
  ].join('\n');
}

function cells({ when, seconds, page, graphics, scriptBytes, tensors }: Moment): string[] {
  return [
    when,
    seconds?.toFixed(1) ?? '',
    megabytes(page?.peak),
    megabytes(page?.resident),
    megabytes(page?.anonymous),
    megabytes(graphics?.peak),
    megabytes(scriptBytes),
    tensors?.numTensors.toString() ?? '',
    megabytes(tensors?.numBytes),
    megabytes(tensors?.numBytesInGPU),
  ];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toFixed(0);
}
