import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { translateSentence } from '../../src/i18n/translate.ts';
import { SENTENCES_ZH } from '../../src/i18n/zh-CN/sentences.ts';

/** Errors that reach a person on the page. The others are for programmers, or are told by the page's own texts. */
const SHOWN = /new (?:AudioDecodeError|ModelError|BackendError|PredictionError)\(/g;
/** Not on the page: the command line, the package, the parts whose errors only a wrong program can cause. */
const ELSEWHERE = /\.node\.ts$|^src\/(?:dsp|metrics|package)\/|^src\/core\/errors\.ts$|^src\/learning\//;

/** The literals among a call's first two arguments: text, `${…}` in it as «1», «2», …; and names of constants. */
function argumentsOf(source: string, from: number): readonly string[] {
  const found: string[] = [];
  let at = from;
  while (found.length < 2) {
    const rest = source.slice(at);
    const literal = /^[\s,]*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([A-Z][A-Z_]+)\b)/.exec(rest);
    if (literal) {
      found.push(literal[3] ? constant(source, literal[3]) : (literal[1] ?? literal[2]).replace(/\\(.)/g, '$1'));
      at += literal[0].length;
      continue;
    }
    const template = /^[\s,]*`/.exec(rest);
    if (!template) return found;
    const [text, end] = readTemplate(source, at + template[0].length);
    found.push(text);
    at = end;
  }
  return found;
}

function constant(source: string, name: string): string {
  return new RegExp(`const ${name} =\\s*'([^']*)'`).exec(source)?.[1] ?? '';
}

function readTemplate(source: string, from: number): readonly [text: string, end: number] {
  let text = '';
  let holes = 0;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '`') return [text, at + 1];
    if (source[at] === '\\') text += source[++at];
    else if (source.startsWith('${', at)) {
      // An inner template has brackets of its own; counting them finds the end of the hole.
      let depth = 1;
      for (at += 2; depth > 0; at++) depth += source[at] === '{' ? 1 : source[at] === '}' ? -1 : 0;
      at--;
      text += `«${++holes}»`;
    } else text += source[at];
  }
  throw new Error('A template without an end.');
}

const said = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path).replaceAll('\\', '/'))
  .filter((path) => !ELSEWHERE.test(path))
  .flatMap((path) => {
    const source = readFileSync(path, 'utf8');
    return [...source.matchAll(SHOWN)].flatMap((call) =>
      argumentsOf(source, call.index + call[0].length).map((text) => [path, text] as const),
    );
  })
  .filter(([, text]) => text !== '' && /[a-z]/i.test(text.replace(/«\d+»/g, '')));

/** Sentences with a choice in them, spelt out: the scan sees only a hole. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '«1» is no checkpoint of «2»: it has no «3», «4»': [
    'x.npz is no checkpoint of Chainer: it has no W, but a, b, c …',
    'x.npz is no checkpoint of Chainer: it has no W, nor any other tensor',
  ],
  '«1» is refused: “«2»” in it «3»': [
    'x is refused: “a” in it is a link.',
    'x is refused: “a” in it leads out of its folder.',
  ],
};

describe('the engine’s sentences in Chinese', () => {
  test('the scan of the sources finds them', () => {
    expect(said.length).toBeGreaterThan(80);
    expect(said.map(([, text]) => text)).toContain('“«1»” is not an audio file.');
    expect(said.map(([, text]) => text)).toContain('Use a smaller batch or another backend.');
  });

  test('are there for every error that the sources can throw at a person', () => {
    const missing = said
      .flatMap(([path, text]) =>
        (CHOICES[text] ?? CHOICES[text.replace(/\.$/, '')] ?? [text]).map((one) => [path, one]),
      )
      .filter(([, text]) => translateSentence(text) === undefined);
    expect(missing).toEqual([]);
  });

  test('keep the places to fill in', () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const [english, chinese] of SENTENCES_ZH)
      expect([english, places(chinese)]).toEqual([english, places(english)]);
  });

  test('hold the values, and values that are phrases in Chinese, too', () => {
    expect(translateSentence('“a.wav” is empty (0 bytes).')).toBe('“a.wav”是空文件（0 字节）。');
    expect(translateSentence('The sound of “b.m4a” is coded as alac, which cannot be decoded here.')).toBe(
      '“b.m4a”的声音编码为 alac，此浏览器无法解码。',
    );
    expect(translateSentence('The backend webgl failed. The separation goes on with “wasm”.')).toBe(
      '后端 webgl 出错。分离改用“wasm”继续进行。',
    );
    expect(translateSentence('Quite another sentence.')).toBeUndefined();
  });
});
