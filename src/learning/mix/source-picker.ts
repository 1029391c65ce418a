import type { AudioData } from '../../audio/audio-data.ts';
import { sampleCount } from '../../audio/audio-data.ts';
import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { type DemoStem, loadDemoStem } from '../demo-stems.ts';

/** One side of a mix: the demo song's stem, or a file of the person's own. */
export interface SourcePicker {
  readonly element: HTMLElement;
  /** What is chosen; loads the demo's stem at the first call. */
  sound(): Promise<AudioData>;
}

/** @param onChange Called when another sound was chosen. */
export function sourcePicker(
  scope: Scope,
  context: LearningContext,
  stem: DemoStem,
  onChange: () => void,
): SourcePicker {
  const { texts, notices, decode } = context;
  let own: { readonly name: string; readonly sound: AudioData } | undefined;
  let demo: Promise<AudioData> | undefined;
  const name = h('span', { class: 'source-name' });
  const input = h('input', {
    type: 'file',
    accept: 'audio/*,video/mp4,.flac,.opus',
    class: 'hidden',
    id: `mix-file-${stem}`,
  });
  const choose = h('button', { type: 'button', class: 'button small', id: `mix-choose-${stem}` });
  const back = h('button', { type: 'button', class: 'button small', id: `mix-demo-${stem}`, hidden: true });
  const label = h('strong');
  const show = () => {
    setText(label, texts.t(`mix.${stem}`));
    setText(choose, texts.t('mix.choose'));
    setText(back, texts.t('mix.useDemo'));
    back.hidden = !own;
    const seconds = own && clock(sampleCount(own.sound) / own.sound.sampleRate);
    setText(name, own ? `${own.name} · ${seconds}` : texts.t(`mix.demo.${stem}`));
  };
  scope.listen(choose, 'click', () => input.click());
  scope.listen(back, 'click', () => {
    own = undefined;
    show();
    onChange();
  });
  const take = async (file: File) => {
    try {
      const sound = await decode(await file.arrayBuffer(), file.name);
      if (scope.disposed) return;
      own = { name: file.name, sound };
      show();
      onChange();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    }
  };
  scope.listen(input, 'change', () => {
    const [file] = input.files ?? [];
    if (file) void take(file);
    input.value = '';
  });
  texts.bind(scope, show);
  return {
    element: h(
      'div',
      { class: 'source', 'data-source': stem },
      label,
      name,
      h('div', { class: 'source-buttons' }, choose, back, input),
    ),
    sound: () => {
      if (own) return Promise.resolve(own.sound);
      demo ??= loadDemoStem(context, stem).catch((error: unknown) => {
        demo = undefined;
        throw error;
      });
      return demo;
    },
  };
}
