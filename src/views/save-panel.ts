import { WAV_FORMATS, type WavFormat } from '../audio/encode-wav.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { Stem } from '../player/export-stem.ts';
import type { Scope } from '../scope.ts';
import { h, icon, setText } from './dom.ts';

const STEMS = ['vocals', 'accompaniment'] as const;

/** The buttons that save the stems, and in which format. */
export class SavePanel {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #buttons = new Map<Stem, HTMLButtonElement>();
  readonly #status = h('p', { class: 'save-status', role: 'status' });
  #ready = false;
  #working = '';
  #said = '';

  constructor(scope: Scope, i18n: I18n, save: (stem: Stem, format: WavFormat) => void) {
    this.#i18n = i18n;
    const select = h('select', { class: 'quiet', id: 'save-format' });
    const options = WAV_FORMATS.map((format) => h('option', { value: format }));
    select.append(...options);
    select.value = '24';
    for (const stem of STEMS) {
      const button = h(
        'button',
        { type: 'button', class: `button save ${stem}`, id: `save-${stem}` },
        icon('save'),
        h('span'),
      );
      this.#buttons.set(stem, button);
      scope.listen(button, 'click', () => save(stem, select.value as WavFormat));
    }
    this.element = h(
      'div',
      { class: 'save-panel', role: 'group' },
      h('div', { class: 'save-row' }, ...this.#buttons.values(), select),
      this.#status,
    );
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('save.region'));
      select.setAttribute('aria-label', i18n.t('save.format'));
      for (const [n, format] of WAV_FORMATS.entries()) setText(options[n], i18n.t(`save.format.${format}`));
      for (const [stem, button] of this.#buttons)
        setText(button.lastElementChild as HTMLElement, i18n.t(`save.${stem}`));
      this.#show();
    });
  }

  /** Says whether the whole song is separated. */
  ready(ready: boolean): void {
    this.#ready = ready;
    this.#show();
  }

  /** Shows that a file is being written, `part` (0 to 1) of it done. */
  working(name: string, part: number): void {
    this.#working = name;
    this.element.style.setProperty('--part', String(part));
    this.#show();
  }

  /** Shows that a file was handed to the browser; '' that it was not. */
  finished(name: string): void {
    this.#working = '';
    this.#said = name;
    this.#show();
  }

  #show(): void {
    for (const button of this.#buttons.values()) button.disabled = !this.#ready || this.#working !== '';
    this.element.classList.toggle('working', this.#working !== '');
    const t = this.#i18n.t.bind(this.#i18n);
    const text = this.#working
      ? t('save.working', { name: this.#working })
      : this.#said
        ? t('save.done', { name: this.#said })
        : this.#ready
          ? ''
          : t('save.wait');
    setText(this.#status, text);
  }
}

/** Hands a file to the browser to be saved. */
export function download(scope: Scope, blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click: it must live a little longer.
  scope.timeout(() => URL.revokeObjectURL(address), 60_000);
}
