import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';

type Tree = { readonly type: string; readonly [field: string]: unknown };

/** Properties and attributes that a person reads or hears. */
const SPOKEN = new Set(['textContent', 'innerText', 'innerHTML', 'title', 'alt', 'placeholder', 'ariaLabel', 'label']);
const SPOKEN_ATTRIBUTES = new Set(['aria-label', 'aria-description', 'aria-valuetext', 'title', 'alt', 'placeholder']);
/** Functions, by name, of which some arguments are shown: the first that is. */
const SHOWS: Readonly<Record<string, number>> = {
  setText: 1,
  append: 0,
  prepend: 0,
  replaceChildren: 0,
  fillText: 0,
  strokeText: 0,
  note: 0,
  offer: 0,
};
/** Says the same in every language: names, units, keys, and the extension of a file. */
const SAME = /\b(?:Unsung|[kM]?Hz|dB|MB|GB|BPM|PNG|SDR|SIR|SAR|k|x)\b/g;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && 'type' in value;

function children(tree: Tree): readonly Tree[] {
  return Object.values(tree).flatMap((value) =>
    Array.isArray(value) ? value.filter(isTree) : isTree(value) ? [value] : [],
  );
}

/** The literals that an expression may become: through choices, sums, templates, conversions of type. */
function literals(tree: unknown): readonly string[] {
  if (!isTree(tree)) return [];
  switch (tree.type) {
    case 'Literal':
      return typeof tree.value === 'string' ? [tree.value] : [];
    case 'TemplateLiteral':
      return [
        ...(tree.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked),
        ...(tree.expressions as Tree[]).flatMap(literals),
      ];
    case 'ConditionalExpression':
      return [...literals(tree.consequent), ...literals(tree.alternate)];
    case 'LogicalExpression':
      return [...literals(tree.left), ...literals(tree.right)];
    case 'BinaryExpression':
      return tree.operator === '+' ? [...literals(tree.left), ...literals(tree.right)] : [];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'SpreadElement':
      return literals(tree.expression ?? tree.argument);
    case 'ArrayExpression':
      return (tree.elements as unknown[]).flatMap(literals);
    default:
      return [];
  }
}

const nameOf = (tree: unknown): string | undefined => {
  if (!isTree(tree)) return undefined;
  if (tree.type === 'MemberExpression') return nameOf(tree.property);
  return (tree.name ?? tree.value) as string | undefined;
};

function attributes(tree: unknown): readonly string[] {
  if (!isTree(tree) || tree.type !== 'ObjectExpression') return [];
  return (tree.properties as Tree[]).flatMap((property) =>
    SPOKEN_ATTRIBUTES.has(nameOf(property.key) ?? '') ? literals(property.value) : [],
  );
}

/** What a piece of code shows to a person without a text of src/i18n. */
function shown(source: string): readonly string[] {
  const found: string[] = [];
  const look = (tree: Tree): void => {
    if (tree.type === 'CallExpression') {
      const name = nameOf(tree.callee) ?? '';
      const given = tree.arguments as Tree[];
      if (name === 'h' || name === 'svg') found.push(...attributes(given[1]), ...given.slice(2).flatMap(literals));
      if (name === 'setAttributes') found.push(...attributes(given[1]));
      if (name === 'setAttribute' && SPOKEN_ATTRIBUTES.has(String(given[0]?.value))) found.push(...literals(given[1]));
      if (name === 'error' && nameOf((tree.callee as Tree).object) === 'notices')
        found.push(...given.flatMap(literals));
      if (name in SHOWS) found.push(...given.slice(SHOWS[name]).flatMap(literals));
    }
    if (tree.type === 'AssignmentExpression') {
      const { left } = tree as unknown as { left: Tree };
      if (left.type === 'MemberExpression' && SPOKEN.has(nameOf(left) ?? '')) found.push(...literals(tree.right));
    }
    for (const child of children(tree)) look(child);
  };
  look(parseAst(source, { lang: 'ts' }) as unknown as Tree);
  return found.filter((text) => /\p{L}{2,}/u.test(text.replace(SAME, '')));
}

const sources = ['src/main.ts']
  .concat(
    ['src/ui', 'src/learning'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    ),
  )
  .filter((path) => path.endsWith('.ts') && !/[/](en|zh-CN)\.ts$/.test(path));

describe('texts without a translation', () => {
  test('are found where they are shown', () => {
    const code = `
      h('p', { class: 'button large', title: 'A tip' }, wide ? 'Hello there' : i18n.t('a.key'), \`\${n} songs\`);
      box.textContent = 'A song';
      setText(box, 'Play ' + name);
      box.setAttribute('aria-label', 'Close');
      setAttributes(box, { 'aria-label': '关闭', id: 'box' });
      context.fillText('frequency', 0, 0);
      notices.error('It broke.', 'Try again.');
    `;
    expect(shown(code)).toEqual([
      'A tip',
      'Hello there',
      ' songs',
      'A song',
      'Play ',
      'Close',
      '关闭',
      'frequency',
      'It broke.',
      'Try again.',
    ]);
  });

  test('are not mistaken: keys of texts, classes, units', () => {
    expect(
      shown(`h('p', { class: 'a', id: 'b' }, i18n.t('a.key'), \`\${x} dB\`, ' · ', name); set.add('word');`),
    ).toEqual([]);
  });

  test('are nowhere in what a person sees', () => {
    expect(sources.length).toBeGreaterThan(60);
    const found = sources.flatMap((path) => shown(readFileSync(path, 'utf8')).map((text) => [path, text]));
    expect(found).toEqual([]);
  });
});
