import type { AudioShape, ExportFormat } from '../../audio/encode/formats.ts';
import { megabytes } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/language.ts';
import {
  DIFFERENCE_KIND,
  EXPORT_KINDS,
  type ExportKind,
  isVideo,
  VIDEO_KINDS,
  VIDEO_SOUNDS,
} from '../../player/export/export-request.ts';
import type { SaveFormat } from '../../player/export/save-format.ts';
import { h, icon, setAttributes, setAvailable, setText } from '../shell/dom.ts';
import { bindPopover } from '../shell/popover.ts';
import { FormatSelect } from './format-select.ts';

/** What the panel asks for. */
export interface SaveActions {
  readonly save: (kind: ExportKind, format: ExportFormat) => void;
  readonly cancel: () => void;
  /** A button is being dragged: hands the file to the drag, or returns false if there is none yet. */
  readonly drag: (kind: ExportKind, format: ExportFormat, transfer: DataTransfer) => boolean;
  /** Estimated bytes of the file. */
  readonly size: (kind: ExportKind, format: ExportFormat) => number;
}

/** What a panel works with. */
export interface SavePanelOptions {
  readonly shape: AudioShape;
  /** The format; the panel sets what the person chooses. */
  readonly format: SaveFormat;
  readonly actions: SaveActions;
}

/** The button “Save” and what it opens: the format, the buttons that save, and the progress. */
export class SavePanel {
  readonly button = h('button', { type: 'button', class: 'button save-open', id: 'save-open' });
  readonly element: HTMLElement;
  readonly #word = h('span', { class: 'word' });
  readonly #i18n: I18n;
  readonly #actions: SaveActions;
  readonly #buttons = new Map<ExportKind, HTMLButtonElement>();
  readonly #formats: FormatSelect;
  readonly #format: SaveFormat;
  readonly #size = h('span', { class: 'save-size' });
  readonly #status = h('p', { class: 'save-status', role: 'status' });
  readonly #bar = h('progress', { class: 'save-bar', max: 1, value: 0 });
  readonly #percent = h('span', { class: 'save-percent' });
  readonly #videos: HTMLElement;
  readonly #work = h('div', { class: 'save-work', hidden: true });
  #ready = false;
  #part: number | undefined;
  #said: () => string = () => '';

  constructor(scope: Scope, i18n: I18n, { shape, format, actions }: SavePanelOptions) {
    this.#i18n = i18n;
    this.#format = format;
    this.#actions = actions;
    this.#formats = new FormatSelect(scope, i18n, 'save-format');
    this.#formats.show([shape]);
    const label = h('label', { class: 'save-as', for: 'save-format' });
    for (const kind of [...EXPORT_KINDS, DIFFERENCE_KIND, ...VIDEO_KINDS] as const) this.#addButton(scope, kind);
    const buttons = (kinds: readonly ExportKind[]) => kinds.map((kind) => this.#buttons.get(kind) as HTMLElement);
    const withVideo = h('span', { class: 'save-with', 'aria-hidden': 'true' });
    this.#videos = h('div', { class: 'save-row', hidden: true }, withVideo, ...buttons(VIDEO_KINDS));
    const cancel = h('button', { type: 'button', class: 'button small', id: 'save-cancel' });
    scope.listen(cancel, 'click', actions.cancel);
    scope.listen(this.#formats.element, 'change', () => {
      format.choose(this.#formats.value);
      this.#show();
    });
    this.#work.append(this.#bar, this.#percent, cancel);
    this.element = h(
      'section',
      { class: 'save-panel popover card', id: 'save-panel' },
      h('div', { class: 'save-head' }, label, this.#formats.element, this.#size),
      h('div', { class: 'save-row' }, ...buttons([...EXPORT_KINDS, DIFFERENCE_KIND])),
      this.#videos,
      this.#work,
      this.#status,
    );
    this.button.append(icon('save'), this.#word);
    bindPopover(scope, this.button, this.element);
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('save.region'));
      setText(label, i18n.t('save.format'));
      setText(withVideo, i18n.t('save.withVideo'));
      setText(cancel, i18n.t('save.cancel'));
      this.#bar.setAttribute('aria-label', i18n.t('save.progress'));
      for (const [kind, button] of this.#buttons) {
        const text = i18n.t(`save.${kind}`);
        // The row of the videos says what they have in common before its buttons.
        setText(
          button.querySelector('span') as HTMLElement,
          isVideo(kind) ? i18n.t(`save.${VIDEO_SOUNDS[kind]}`) : text,
        );
        button.setAttribute('aria-label', i18n.t('save.button', { what: text }));
        button.title = i18n.t(tipOf(kind));
      }
      this.#show();
    });
  }

  /** Sets whether the whole song is separated. */
  ready(ready: boolean): void {
    this.#ready = ready;
    this.#show();
  }

  /** Offers the song's video with another sound. */
  offerVideo(): void {
    this.#videos.hidden = false;
  }

  /** Offers the difference of two results, or no longer. */
  offerDifference(on: boolean): void {
    (this.#buttons.get(DIFFERENCE_KIND) as HTMLElement).hidden = !on;
  }

  /** Shows the format again: the song's default may be another one. */
  refresh(): void {
    this.#show();
  }

  /** Shows the progress of a file, 0 to 1; undefined: none is being made. */
  working(part: number | undefined): void {
    this.#part = part;
    this.#show();
  }

  /** Shows what happened. The text is computed again when the language changes. */
  say(sentence: () => string): void {
    this.#said = sentence;
    this.#show();
  }

  #addButton(scope: Scope, kind: ExportKind): void {
    const button = h(
      'button',
      {
        type: 'button',
        class: `button save ${kind}`,
        id: `save-${kind}`,
        draggable: canDragOut() ? 'true' : undefined,
      },
      icon('save'),
      h('span'),
    );
    button.hidden = kind === DIFFERENCE_KIND;
    this.#buttons.set(kind, button);
    scope.listen(button, 'click', () => this.#actions.save(kind, this.#formats.value));
    scope.listen(button, 'dragstart', (event) => {
      if (!event.dataTransfer || !this.#actions.drag(kind, this.#formats.value, event.dataTransfer))
        event.preventDefault();
    });
  }

  #show(): void {
    this.#formats.value = this.#format.format;
    const working = this.#part !== undefined;
    for (const button of this.#buttons.values()) {
      button.disabled = !this.#ready;
      setAvailable(button, !working);
    }
    const focused = this.#work.contains(document.activeElement);
    this.#work.hidden = !working;
    // The focused button is gone, so the focus moves here.
    if (focused && !working) this.#formats.element.focus();
    const part = this.#part ?? 0;
    this.#bar.value = part;
    const percent = `${Math.floor(100 * part)} %`;
    setText(this.#percent, percent);
    setText(this.#word, working ? percent : this.#i18n.t('save.open'));
    setAttributes(this.button, { 'aria-label': working && `${this.#i18n.t('save.open')}: ${percent}` });
    const bytes = this.#actions.size('vocals', this.#formats.value);
    setText(this.#size, this.#i18n.t('save.size', { size: megabytes(bytes) }));
    const said = this.#said();
    const { note } = this.#format;
    const format = note ? this.#i18n.message(note) : '';
    setText(this.#status, said || (this.#ready ? format : this.#i18n.t('save.wait')));
  }
}

function tipOf(kind: ExportKind): MessageKey {
  if (kind === 'mix') return 'save.mixTip';
  if (kind === 'stems') return 'save.stemsTip';
  if (kind === DIFFERENCE_KIND) return 'save.differenceTip';
  if (isVideo(kind)) return kind === 'video-mix' ? 'save.videoMixTip' : 'save.videoTip';
  return canDragOut() ? 'save.dragTip' : 'save.tip';
}

/** Whether files can be dragged out of the window: only Chromium knows `DownloadURL`, and only with a mouse. */
export function canDragOut(): boolean {
  return 'chrome' in window && matchMedia('(pointer: fine)').matches;
}
