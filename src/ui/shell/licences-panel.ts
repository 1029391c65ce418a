import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { titleOf } from '../../model/manifest-facts.ts';
import type { ModelEntry, SeparationClient } from '../../separation/separation-client.ts';
import { h, setText } from './dom.ts';

/** The details in the footer about the licences of the page and of its models. */
export class LicencesPanel {
  readonly element: HTMLDetailsElement;
  readonly #i18n: I18n;
  readonly #models = h('div', { class: 'licences-models' });
  #entries: readonly ModelEntry[] = [];

  /** @param client Lists the models when the details are opened. */
  constructor(scope: Scope, i18n: I18n, client: Pick<SeparationClient, 'models'>) {
    this.#i18n = i18n;
    const title = h('summary');
    const paragraphs = (['licences.unsung', 'licences.libraries'] as const).map((key) => [key, h('p')] as const);
    this.element = h(
      'details',
      { id: 'licences' },
      title,
      h('div', { class: 'licences' }, this.#models, ...paragraphs.map(([, paragraph]) => paragraph)),
    );
    scope.listen(this.element, 'toggle', () => {
      if (this.element.open && this.#entries.length === 0) void this.#load(client);
    });
    i18n.bind(scope, () => {
      setText(title, i18n.t('licences.title'));
      for (const [key, paragraph] of paragraphs) setText(paragraph, i18n.t(key));
      this.#show();
    });
  }

  async #load(client: Pick<SeparationClient, 'models'>): Promise<void> {
    // The licence of the page itself shows in any case.
    const entries = await client.models().catch(() => []);
    this.#entries = entries.filter(({ origin }) => origin === 'built-in');
    this.#show();
  }

  #show(): void {
    const { t, language } = { t: this.#i18n.t.bind(this.#i18n), language: this.#i18n.language };
    this.#models.replaceChildren(
      ...this.#entries.flatMap(({ manifest }) => {
        if (!manifest) return [];
        const { licence, source, notice } = manifest;
        return [
          h('p', {}, h('strong', {}, titleOf(manifest, language)), t('licences.of', { licence })),
          h('p', { lang: 'en' }, source),
          ...(notice ? [h('pre', { lang: 'en', tabindex: 0 }, notice)] : []),
        ];
      }),
    );
  }
}
