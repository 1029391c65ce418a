import { fillIn } from './fill-in.ts';
import { SENTENCES_ZH } from './zh-CN/sentences.ts';

interface Pattern {
  readonly english: RegExp;
  readonly names: readonly string[];
  readonly translated: string;
  /** Letters that are the same in every such sentence: the more, the more certain. */
  readonly certain: number;
}

let patterns: readonly Pattern[] | undefined;

function compile([english, translated]: readonly [string, string]): Pattern {
  const names: string[] = [];
  const source = english
    .split(/\{(\w+)\}/)
    .map((part, n) => {
      if (n % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part);
      return '([\\s\\S]+?)';
    })
    .join('');
  const certain = english.replace(/\{\w+\}/g, '').length;
  return { english: new RegExp(`^${source}$`), names, translated, certain };
}

/**
 * A sentence of the engine (an error's message or hint, a note) in Chinese; undefined for one that is not known. The
 * values in it are translated where they are phrases of their own.
 */
export function translateSentence(sentence: string): string | undefined {
  // The sentences that say most first: “{where} holds {what}.” fits many.
  patterns ??= SENTENCES_ZH.map(compile).sort((a, b) => b.certain - a.certain);
  for (const { english, names, translated } of patterns) {
    const found = english.exec(sentence);
    if (!found) continue;
    const values = names.map((name, n) => [name, translateSentence(found[n + 1]) ?? found[n + 1]] as const);
    return fillIn(translated, Object.fromEntries(values));
  }
  return undefined;
}
