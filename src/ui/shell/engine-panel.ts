import type { Message } from '../../core/message.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import { titleOf } from '../../model/manifest-facts.ts';
import { h, setText } from './dom.ts';

/** What the panel shows of the engine: a part of the separation client's status. */
export interface EngineFacts {
  readonly backend: string;
  readonly model: Pick<ModelManifest, 'id' | 'title'>;
  readonly report: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly reason?: Message;
    readonly probeMs?: number;
    readonly maxError?: number;
  }[];
}

/** The details in the footer: model, backend with its measurements, and the button for the shortcuts. */
export class EnginePanel {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #facts = h('div', { class: 'engine-facts' });
  #status: EngineFacts | undefined;

  /** @param licences The element beside these details. */
  constructor(scope: Scope, i18n: I18n, openKeys: () => void, licences: HTMLElement) {
    this.#i18n = i18n;
    const title = h('summary');
    const keys = h('button', { type: 'button', class: 'foot-button', id: 'open-keys' });
    scope.listen(keys, 'click', openKeys);
    this.element = h('footer', { class: 'foot' }, h('details', { id: 'engine' }, title, this.#facts), licences, keys);
    i18n.bind(scope, () => {
      setText(title, i18n.t('engine.title'));
      setText(keys, i18n.t('keys.open'));
      this.#show();
    });
  }

  /** Shows the chosen backend and the reasons. */
  show(status: EngineFacts): void {
    this.#status = status;
    this.#show();
  }

  /** Shows that the engine moved to another backend. */
  moved(backend: string): void {
    if (this.#status) this.show({ ...this.#status, backend });
  }

  #show(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const status = this.#status;
    if (!status) {
      this.#facts.replaceChildren(h('p', {}, t('engine.waiting')));
      return;
    }
    const rows = status.report.map((tried) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, tried.name),
        h('td', {}, tried.probeMs === undefined ? '–' : t('engine.milliseconds', { time: tried.probeMs.toFixed(0) })),
        h('td', {}, tried.maxError === undefined ? '–' : tried.maxError.toExponential(1)),
        h(
          'td',
          {},
          tried.name === status.backend
            ? t('engine.chosen')
            : tried.ok
              ? t('engine.ok')
              : tried.reason
                ? this.#i18n.message(tried.reason)
                : '–',
        ),
      ),
    );
    const heads = ['engine.tried', 'engine.speed', 'engine.error', 'engine.result'] as const;
    this.#facts.replaceChildren(
      h(
        'dl',
        { class: 'facts' },
        h('dt', {}, t('engine.model')),
        h('dd', {}, titleOf(status.model, this.#i18n.language)),
        h('dt', {}, t('engine.backend')),
        h('dd', { 'data-backend': status.backend }, status.backend),
      ),
      h(
        'div',
        { class: 'table' },
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, t(key))))),
          h('tbody', {}, ...rows),
        ),
      ),
      h('p', { class: 'small' }, t('engine.override')),
    );
  }
}
