import { type Channels, frameSdrs } from '../../src/metrics/sdr.ts';
import { clock } from './progress.ts';

/** One line of the chart. */
export interface SdrCurve {
  readonly title: string;
  readonly vocals: Channels;
  readonly accompaniment: Channels;
}

const WIDTH = 960;
const PANEL = 250;
const LEFT = 52;
const RIGHT = 16;
const TOP = 44;
/** Okabe & Ito's colours, which people with colour blindness can tell apart. */
const COLOURS = ['#888888', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];
/** The axis's limit in decibels; values beyond it run along the edge. */
const RANGE = [-15, 25] as const;

/**
 * SDR over time as an SVG chart: one point a second, vocals above, accompaniment below. The line has a gap where the
 * true stem is silent.
 *
 * @param reference the true stems
 */
export function sdrChart(
  title: string,
  reference: Omit<SdrCurve, 'title'>,
  curves: readonly SdrCurve[],
  sampleRate: number,
): string {
  const panels = (['vocals', 'accompaniment'] as const).map((target, n) => {
    const lines = curves.map((curve) => frameSdrs(reference[target], curve[target], sampleRate));
    return panel(target, lines, TOP + n * (PANEL + 34));
  });
  const height = TOP + 2 * (PANEL + 34);
  const legend = curves.map(({ title: name }, n) => {
    const x = WIDTH - RIGHT - 150 * (curves.length - n);
    return `<line x1="${x}" y1="26" x2="${x + 24}" y2="26" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="2"/><text x="${x + 30}" y="30">${escapeXml(name)}</text>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${escapeXml(title)}</text>`,
    `<text x="${LEFT}" y="36" fill="#555555">SDR of each second, dB</text>`,
    ...legend,
    ...panels,
    '</svg>',
  ].join('\n')}\n`;
}

function panel(target: string, lines: readonly Float64Array[], top: number): string {
  const seconds = lines[0]?.length ?? 0;
  const [least, most] = RANGE;
  const x = (second: number) => LEFT + ((second + 0.5) / Math.max(1, seconds)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => top + (1 - (Math.min(most, Math.max(least, value)) - least) / (most - least)) * PANEL;
  const parts: string[] = [];
  for (let value: number = least; value <= most; value += 5) {
    const strong = value === 0 ? '#777777' : '#dddddd';
    parts.push(
      `<line x1="${LEFT}" y1="${round(y(value))}" x2="${WIDTH - RIGHT}" y2="${round(y(value))}" stroke="${strong}"/>`,
    );
    if (value % 10 === 0) {
      parts.push(`<text x="${LEFT - 6}" y="${round(y(value) + 4)}" text-anchor="end">${value}</text>`);
    }
  }
  const step = [5, 10, 20, 30, 60, 120, 300].find((s) => seconds / s <= 12) ?? 600;
  for (let second = 0; second < seconds; second += step) {
    const at = round(x(second - 0.5));
    parts.push(`<line x1="${at}" y1="${top + PANEL}" x2="${at}" y2="${top + PANEL + 4}" stroke="#777777"/>`);
    parts.push(`<text x="${at}" y="${top + PANEL + 17}" text-anchor="middle">${clock(second)}</text>`);
  }
  lines.forEach((line, n) => {
    const path = pathOf(line, x, y);
    if (path) {
      parts.push(
        `<path d="${path}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="1.5" stroke-linejoin="round"/>`,
      );
    }
  });
  parts.push(`<text x="${LEFT + 8}" y="${top + 16}" font-weight="bold">${target}</text>`);
  return parts.join('\n');
}

function pathOf(line: Float64Array, x: (second: number) => number, y: (value: number) => number): string {
  let path = '';
  let broken = true;
  line.forEach((value, second) => {
    if (Number.isNaN(value)) {
      broken = true;
      return;
    }
    path += `${broken ? 'M' : 'L'}${round(x(second))} ${round(y(value))}`;
    broken = false;
  });
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
