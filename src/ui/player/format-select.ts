import { defaultFormat } from '../../audio/encode/default-format.ts';
import {
  type AudioShape,
  bitrateOf,
  EXPORT_FORMATS,
  type ExportFormat,
  FORMATS,
  unavailable,
} from '../../audio/encode/formats.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, setText } from '../shell/dom.ts';

interface Offer {
  readonly option: HTMLOptionElement;
  why: Awaited<ReturnType<typeof unavailable>>;
}

/** The formats in which sound can be saved; those that cannot be written here are disabled and say why. */
export class FormatSelect {
  readonly element: HTMLSelectElement;
  readonly #i18n: I18n;
  readonly #scope: Scope;
  readonly #lossless = h('optgroup');
  readonly #lossy = h('optgroup');
  readonly #offers = new Map<ExportFormat, Offer>();
  #shapes: readonly AudioShape[] = [];

  constructor(scope: Scope, i18n: I18n, id: string) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.element = h('select', { class: 'quiet', id }, this.#lossless, this.#lossy);
    for (const format of EXPORT_FORMATS) {
      const option = h('option', { value: format });
      this.#offers.set(format, { option, why: null });
      (FORMATS[format].lossless ? this.#lossless : this.#lossy).append(option);
    }
    this.value = defaultFormat({}).format;
    i18n.bind(scope, () => this.#draw());
  }

  get value(): ExportFormat {
    return this.element.value as ExportFormat;
  }

  set value(format: ExportFormat) {
    this.element.value = format;
  }

  /** Sets what will be saved: formats that cannot hold all of it are disabled. */
  show(shapes: readonly AudioShape[]): void {
    const kind = ({ sampleRate, channels }: AudioShape) => `${sampleRate} ${channels}`;
    const kinds = new Map(shapes.map((shape) => [kind(shape), shape]));
    if ([...kinds.keys()].join() === this.#shapes.map(kind).join()) return;
    this.#shapes = [...kinds.values()];
    const asked = this.#shapes;
    for (const [format, offer] of this.#offers) {
      void Promise.all(asked.map((shape) => unavailable(format, shape))).then((reasons) => {
        if (this.#shapes !== asked || this.#scope.disposed) return;
        offer.why = reasons.find((reason) => reason !== null) ?? null;
        this.#draw();
      });
    }
    this.#draw();
  }

  #draw(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    this.#lossless.label = t('save.lossless');
    this.#lossy.label = t('save.lossy');
    const channels = Math.max(1, ...this.#shapes.map((shape) => shape.channels));
    const rate = Math.max(0, ...this.#shapes.map(({ sampleRate }) => sampleRate)) / 1000;
    for (const [format, { option, why }] of this.#offers) {
      const name = t(`save.format.${format}`, { rate: bitrateOf(format, channels) / 1000 });
      setText(option, why ? t(`save.not.${why}`, { format: name, rate }) : name);
      option.disabled = why !== null;
    }
  }
}
