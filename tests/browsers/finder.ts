import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as TestingLibrary from '@testing-library/dom';

declare const TestingLibraryDom: typeof TestingLibrary;

/** An element by its role and its name in English. */
export interface Locator {
  readonly role: string;
  /** The whole name. */
  readonly name?: string;
  /** A regular expression that the name matches. */
  readonly pattern?: string;
  /** The element around it. */
  readonly inside?: Locator;
  /** Also where it is folded away. */
  readonly hidden?: boolean;
}

declare global {
  /** The elements that a locator means, in the page that is walked. */
  var allFound: (locator: Locator) => HTMLElement[];
  /** The first of them. */
  var found: (locator: Locator) => HTMLElement;
}

function findAll({ role, name, pattern, inside, hidden }: Locator): HTMLElement[] {
  const around = inside ? allFound(inside) : [document.body];
  const wanted = pattern === undefined ? name : new RegExp(pattern);
  return around.flatMap((element) => TestingLibraryDom.queryAllByRole(element, role, { name: wanted, hidden }));
}

function find(locator: Locator): HTMLElement {
  const [first] = allFound(locator);
  if (!first) throw new Error(`The page has no ${JSON.stringify(locator)}.`);
  return first;
}

/** The script that gives the page `allFound` and `found`. */
export async function finderScript(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@testing-library/dom');
  const library = await readFile(new URL('@testing-library/dom.umd.min.js', `file://${main}`), 'utf8');
  return `${library};Object.assign(globalThis, { allFound: ${findAll}, found: ${find} })`;
}
