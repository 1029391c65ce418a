import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { ExaminedFiles, ImportRequest, PresetEntry } from '../../separation/separation-client.ts';
import type { ModelOffer } from '../files/incoming-files.ts';
import { h, setText } from '../shell/dom.ts';
import { idOfTitle, sizeText } from './model-texts.ts';

const TYPES = ['float16', 'float32', 'uint8'] as const;
const TARGETS = ['vocals', 'accompaniment'] as const;

/** What the form works with. */
export interface ModelFormOptions {
  readonly offer: ModelOffer;
  /** What is known of the files' contents. */
  readonly examined: ExaminedFiles;
  /** The presets to choose from for a checkpoint. */
  readonly presets: readonly PresetEntry[];
  readonly add: (request: ImportRequest) => void;
  readonly cancel: () => void;
}

/** Asks for what a new model's files leave open: its name, and for a checkpoint its preset and the stem it finds. */
export class ModelForm {
  readonly element: HTMLFormElement;
  readonly #name = h('input', { type: 'text', required: true, maxlength: 80, id: 'model-name', autocomplete: 'off' });
  readonly #preset = h('select', { id: 'model-preset' });
  readonly #target = h('select', { id: 'model-target' });
  readonly #type = h('select', { id: 'model-type' });
  readonly #add = h('button', { type: 'submit', class: 'button primary', id: 'model-add' });
  readonly #status = h('p', { class: 'form-status', role: 'status' });
  readonly #i18n: I18n;
  readonly #offer: ModelOffer;
  readonly #oneNetwork: boolean;
  #working = false;

  constructor(scope: Scope, i18n: I18n, { offer, examined, presets, add, cancel: onCancel }: ModelFormOptions) {
    this.#i18n = i18n;
    this.#offer = offer;
    // Only the import can look into an archive.
    const archive = offer.form === 'archive';
    this.#name.value = archive ? '' : offer.name;
    this.#name.required = !archive;
    const cancel = h('button', { type: 'button', class: 'button', id: 'model-cancel' });
    const title = h('h3');
    const files = h('p', { class: 'form-files' });
    const nameWord = h('span');
    const words = [h('span'), h('span'), h('span')];
    const told = h('small');
    const asked = offer.form === 'checkpoint';
    const asFile = offer.described ? [''] : [];
    const presetOptions = [...asFile, ...presets.map(({ id }) => id)].map((value) => h('option', { value }));
    const targetOptions = [...asFile, ...TARGETS].map((value) => h('option', { value }));
    const typeOptions = TYPES.map((value) => h('option', { value }));
    this.#preset.append(...presetOptions);
    this.#target.append(...targetOptions);
    this.#type.append(...typeOptions);
    const [fitting, ...others] = examined.presets;
    const recognised = fitting !== undefined && others.length === 0;
    if (!offer.described && fitting) this.#preset.value = fitting;
    // With several networks, each one's stem is known.
    this.#oneNetwork = offer.form === 'checkpoint' && examined.networks === 1;
    this.element = h(
      'form',
      { class: 'model-form' },
      title,
      files,
      h('label', {}, nameWord, this.#name),
      ...(asked
        ? [
            h('label', {}, words[0], this.#preset, told),
            ...(this.#oneNetwork ? [h('label', {}, words[1], this.#target)] : []),
            h('label', {}, words[2], this.#type),
          ]
        : []),
      h('div', { class: 'form-buttons' }, this.#add, cancel),
      this.#status,
    );
    scope.listen(this.element, 'submit', (event) => {
      event.preventDefault();
      if (!this.#working) add(this.#request());
    });
    scope.listen(cancel, 'click', onCancel);
    scope.add(() => this.element.remove());
    i18n.bind(scope, () => {
      const t = i18n.t.bind(i18n);
      setText(title, t('models.form'));
      setText(files, this.#filesText());
      setText(nameWord, t('models.name'));
      this.#name.placeholder = archive ? t('models.presetFile') : '';
      setText(words[0], t('models.preset'));
      setText(words[1], t('models.target'));
      setText(words[2], t('models.dtype'));
      setText(told, !offer.described && recognised ? t('models.presetTold') : '');
      for (const option of presetOptions) {
        const preset = presets.find(({ id }) => id === option.value);
        setText(option, preset?.title ?? t('models.presetFile'));
      }
      for (const option of targetOptions) {
        const target = TARGETS.find((name) => name === option.value);
        setText(
          option,
          t(
            target === undefined
              ? 'models.targetFile'
              : target === 'vocals'
                ? 'models.targetVocals'
                : 'models.targetAccompaniment',
          ),
        );
      }
      for (const [n, type] of TYPES.entries()) setText(typeOptions[n], t(`models.dtype.${type}`));
      setText(this.#add, t('models.addNow'));
      setText(cancel, t('models.cancel'));
      this.working(this.#working);
    });
  }

  /** Moves the focus to the name. */
  focus(): void {
    this.#name.focus({ preventScroll: true });
    this.#name.select();
  }

  /** Shows whether the model is being converted. */
  working(on: boolean): void {
    this.#working = on;
    for (const field of [this.#name, this.#preset, this.#target, this.#type, this.#add]) field.disabled = on;
    this.element.classList.toggle('working', on);
    setText(this.#status, on ? this.#i18n.t('models.converting') : '');
  }

  #request(): ImportRequest {
    const { form, files, name } = this.#offer;
    const title = this.#name.value.trim();
    // A name that the person left unchanged stays as the files have it.
    const own = title === '' || (title === name && this.#offer.described);
    const named = own ? {} : { title };
    const stem = this.#oneNetwork ? TARGETS.find((target) => target === this.#target.value) : undefined;
    return {
      files,
      ...(form === 'checkpoint' && this.#preset.value !== '' && { presetId: this.#preset.value }),
      options: {
        ...(!own && { id: idOfTitle(title) }),
        dtype: TYPES.find((type) => type === this.#type.value),
        ...(stem && { stem }),
        config: named,
      },
    };
  }

  #filesText(): string {
    const { files } = this.#offer;
    const main = files.find(({ name }) => name === 'manifest.json') ?? files[0];
    const size = sizeText(files.reduce((sum, { file }) => sum + file.size, 0));
    return files.length === 1
      ? this.#i18n.t('models.files', { name: main.name, size })
      : this.#i18n.t('models.filesMore', { name: main.name, count: files.length - 1, size });
  }
}
