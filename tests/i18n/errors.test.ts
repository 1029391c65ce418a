import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AudioDecodeError, BackendError, messageOf } from '../../src/core/errors.ts';
import { listMessage, message, messageText } from '../../src/core/message.ts';
import { errorsEn } from '../../src/i18n/en/errors.ts';
import { I18n } from '../../src/i18n/i18n.ts';
import { errorsZhCN } from '../../src/i18n/zh-CN/errors.ts';

const chinese = new I18n();
await chinese.speak('zh-CN');
const english = new I18n();

describe('an error in the page’s language', () => {
  const i18n = (tag: 'en' | 'zh-CN') => (tag === 'en' ? english : chinese);

  test('is said by its code, filled in with its values', () => {
    const error = new AudioDecodeError('audio.unsupported-codec', { name: 'b.m4a', codec: 'alac' });
    expect(i18n('zh-CN').error(error)).toEqual({
      message: '“b.m4a”的声音编码为 alac，不受支持。',
      hint: '请用音频编辑器转换为 WAV、FLAC 或 MP3 后再选择。',
    });
    expect(i18n('en').error(error)).toEqual({ message: error.message, hint: error.hint });
    expect(error.message).toBe('The sound of “b.m4a” uses the codec alac, which is not supported.');
  });

  test('holds values that are messages, in the same language', () => {
    const failed = messageOf(new BackendError('backend.failed', { name: 'webgl' }));
    const note = message('backend.moved', { what: failed, name: 'wasm' });
    expect(i18n('en').message(note)).toBe('The backend webgl failed. The separation continues with “wasm”.');
    expect(i18n('zh-CN').message(note)).toBe('后端 webgl 出错。分离改用“wasm”继续进行。');
  });

  test('holds lists of reasons', () => {
    const reason = (name: string) => message('backend.reason', { name, reason: message('backend.software') });
    const error = new BackendError('backend.none-works', { reasons: listMessage([reason('a'), reason('b')]) });
    expect(error.message).toBe(
      'This device cannot run the network (a: uses software rendering on this device; b: uses software rendering on this device).',
    );
    expect(i18n('zh-CN').error(error).message).toBe('此设备无法运行网络（a：在此只是软件渲染；b：在此只是软件渲染）。');
  });

  test('is the same where only its code and values came, from another thread', () => {
    const { code, values } = new AudioDecodeError('audio.not-audio', { name: 'a.txt' });
    expect(i18n('zh-CN').error(structuredClone({ code, values })).message).toBe('“a.txt”不是音频文件。');
  });

  test('that the page did not expect is said as such, with its own words beside', () => {
    for (const odd of [new TypeError('x is undefined'), new DOMException('x is undefined', 'DataError')]) {
      expect(i18n('zh-CN').error(odd)).toEqual({
        message: '发生了意料之外的错误。',
        hint: '请重试；如果再次发生，请重新加载页面。（x is undefined）',
      });
    }
    expect(i18n('en').error(Object.assign(new Error('no file'), { code: 'ENOENT' })).hint).toContain('no file');
    expect(i18n('en').error(undefined).hint).toContain('undefined');
  });
});

test('what stands in braces in a value stays as it is', () => {
  expect(messageText(message('audio.not-audio', { name: '{name}' }))).toBe('“{name}” is not an audio file.');
});

test('every error has a message and a hint that are sentences', () => {
  for (const [code, text] of Object.entries(errorsEn)) {
    if (typeof text === 'string') continue;
    expect([code, text.message]).toEqual([code, expect.stringMatching(/^[“A-Z{].*([.…]|\{fault\})$/)]);
    expect([code, text.hint]).toEqual([code, expect.stringMatching(/^([A-Z].*([.…]|\(\{detail\}\))|\{hint\})$/)]);
  }
  for (const text of Object.values(errorsZhCN)) {
    if (typeof text !== 'string') expect(text.message).toMatch(/[。…]$|\{fault\}$/);
  }
});

test('every code is used somewhere', () => {
  const sources = ['src', 'tools']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)))
    .filter((path) => path.endsWith('.ts') && !/^src[/\\]i18n[/\\]/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  expect(Object.keys(errorsEn).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});
