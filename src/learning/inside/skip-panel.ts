import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { joinSentences } from '../number-texts.ts';
import { sectionPart } from '../section-layout.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { INSIDE_CLIPS, type InsideState } from './inside-state.ts';

/** Switches for the skip connections, and what they change: the mask, the sound, the SDR. */
export function skipPanel(scope: Scope, context: LearningContext, state: InsideState): HTMLElement {
  const { texts, song } = context;
  const player = new ClipPlayer(scope, song.store.sampleRate, () => song.player.pause());
  const listen = listenBar(scope, context, {
    id: 'inside-hear',
    clips: INSIDE_CLIPS,
    text: (name) => `inside.hear.${name}` as const,
    player,
  });
  const effect = h('p', { class: 'learn-reading', id: 'inside-effect', role: 'status' });
  bindState(scope, texts, state, () => {
    player.update(state.clips);
    setText(effect, effectText(texts, state));
    if (state.effect) effect.dataset.maskChange = String(state.effect.maskChange);
  });
  const panel = h('div', { class: 'card learn-panel' }, switches(scope, texts, state), listen, effect);
  return sectionPart(scope, texts, {
    title: 'inside.skipsTitle',
    text: ['inside.skipsText', 'inside.skipsWhy'],
    widget: panel,
  });
}

function effectText(texts: LearningTexts, { effect, suggestedSkip }: InsideState): string {
  if (!effect || effect.cut.length === 0) {
    const sentences = [texts.t('inside.noEffect')];
    if (suggestedSkip) sentences.push(texts.t('inside.suggestion', { n: suggestedSkip.index + 1 }));
    return joinSentences(...sentences);
  }
  const { cut, maskChange, sdr } = effect;
  const list = new Intl.ListFormat(texts.language).format(cut.map((index) => String(index + 1)));
  const change = texts.t('inside.effect', { list, change: maskChange.toFixed(3) });
  if (!sdr) return change;
  const decibels = { whole: signed(sdr.whole, 1), cut: signed(sdr.cut, 1) };
  const sentences = [change, texts.t('inside.effectSdr', decibels)];
  if (Number(sdr.cut.toFixed(1)) > Number(sdr.whole.toFixed(1))) sentences.push(texts.t('inside.effectBetter'));
  return joinSentences(...sentences);
}

/** A switch for each skip connection, the largest first. */
function switches(scope: Scope, texts: LearningTexts, state: InsideState): HTMLElement {
  const legend = h('legend', { class: 'visually-hidden' });
  const group = h('fieldset', { class: 'learn-choices inside-skips' }, legend);
  texts.bind(scope, () => setText(legend, texts.t('inside.skipsTitle')));
  for (const { index, output } of state.skipLayers) {
    const input = h('input', { type: 'checkbox', id: `inside-skip-${index}`, checked: true });
    const text = h('span');
    group.append(h('label', {}, input, text));
    scope.listen(input, 'change', () => void state.switchSkip(index, input.checked));
    const values = { n: index + 1, bins: output.bins, frames: output.frames };
    texts.bind(scope, () => setText(text, texts.t('inside.skip', values)));
  }
  return group;
}
