import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeFileName } from '../../../src/audio/encode/file-names.ts';

describe('safeFileName', () => {
  test.each([
    ['A song', 'A song (Vocals).wav'],
    ['AC/DC: Live? <1> "a|b*c\\"', 'AC_DC_ Live_ _1_ _a_b_c__ (Vocals).wav'],
    ['  ..hidden.. ', 'hidden (Vocals).wav'],
    ['line\nbreak\tand\u0000zero', 'linebreakandzero (Vocals).wav'],
    // An override turns “gpj.exe” round in lists.
    ['song\u202egpj.exe', 'songgpj.exe (Vocals).wav'],
    ['你好，世界', '你好，世界 (Vocals).wav'],
    ['Cafe\u0301', 'Café (Vocals).wav'],
    ['con.aux', '_con.aux (Vocals).wav'],
    ['concert', 'concert (Vocals).wav'],
    ['', 'song (Vocals).wav'],
    ['...', 'song (Vocals).wav'],
    ['half \ud83d', 'half (Vocals).wav'],
  ])('%j becomes %j', (base, name) => {
    expect(safeFileName(base, ' (Vocals)', 'wav')).toBe(name);
  });

  test('a device of Windows is no name, with or without more behind it', () => {
    for (const device of ['CON', 'nul', 'Com1', 'LPT9', 'aux ']) {
      expect(safeFileName(device, '', 'wav')).toMatch(/^_/);
    }
  });

  test('a long name is cut at whole characters, and keeps suffix and ending', () => {
    const name = safeFileName('👩‍👩‍👧'.repeat(40), ' (Accompaniment)', 'flac');
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^(👩‍👩‍👧)+ \(Accompaniment\)\.flac$/u);
  });

  test('whatever the name, every system takes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (base) => {
        const name = safeFileName(base, ' (Vocals)', 'mp3');
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
        expect(name).not.toMatch(/[<>:"/\\|?*\u0000-\u001f\u007f]|^[\s.]|[\s.]$/u);
        expect(name.endsWith(' (Vocals).mp3')).toBe(true);
        expect(() => encodeURIComponent(name)).not.toThrow();
      }),
    );
  });
});
