import { sampleCount } from '../../audio/audio-data.ts';
import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import type { StemSource } from '../stem-source.ts';
import { bindState } from './bind-state.ts';
import { fileButton, textButton } from './buttons.ts';

/**
 * One side of a mix: the demo song's stem, or a file of the person's own.
 *
 * @param section begins the ids
 */
export function sourcePicker(
  scope: Scope,
  { texts, notices }: LearningContext,
  source: StemSource,
  section: 'mix' | 'train',
): HTMLElement {
  const { stem } = source;
  const label = h('strong');
  const name = h('span', { class: 'source-name' });
  const chooser = fileButton(scope, texts, {
    id: `${section}-choose-${stem}`,
    inputId: `${section}-file-${stem}`,
    label: 'learn.chooseFile',
    class: 'small',
    accept: 'audio/*,video/mp4,video/webm,.flac,.opus',
    onFile: (file) => {
      source.choose(file).catch((error: unknown) => !scope.disposed && notices.thrown(error));
    },
  });
  const demo = textButton(scope, texts, {
    id: `${section}-demo-${stem}`,
    label: 'learn.useDemo',
    class: 'small',
    onClick: () => source.useDemo(),
  });
  bindState(scope, texts, source, () => {
    const { file } = source;
    demo.hidden = !file;
    setText(label, texts.t(`learn.${stem}`));
    const length = file && clock(sampleCount(file.sound) / file.sound.sampleRate);
    setText(name, file ? `${file.name} · ${length}` : texts.t(`learn.demo.${stem}`));
  });
  const buttons = h('div', { class: 'source-buttons' }, chooser[0], demo, chooser[1]);
  return h('div', { class: 'source', 'data-source': stem }, label, name, buttons);
}
