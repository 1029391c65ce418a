import type { Scope } from '../../core/scope.ts';
import { h } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import { choice } from '../widgets/choice.ts';
import { slider } from '../widgets/slider.ts';
import { type BrushSettings, TOOLS } from './brush.ts';
import type { PaintState } from './paint-state.ts';

/** Controls for the tool, its size, its feather, and the mask value that it paints. */
export function paintTools(scope: Scope, texts: LearningTexts, state: PaintState): HTMLElement {
  const set = (change: Partial<BrushSettings>) => {
    state.settings = { ...state.settings, ...change };
  };
  const percent = (value: number) => texts.t('paint.percent', { value });
  const { tool, size, feather, value } = state.settings;
  const tools = choice(scope, texts, {
    name: 'paint-tool',
    label: 'paint.tool',
    values: TOOLS,
    text: (name) => `paint.tool.${name}` as const,
    value: tool,
    onChoose: (name) => set({ tool: name }),
  });
  const sizes = slider(scope, texts, {
    id: 'paint-size',
    label: 'paint.size',
    min: 2,
    max: 60,
    value: size,
    text: (radius) => texts.t('paint.pixels', { pixels: 2 * radius }),
    onInput: (radius) => set({ size: radius }),
  });
  const percents = { min: 0, max: 100, step: 5, text: percent };
  const feathers = slider(scope, texts, {
    ...percents,
    id: 'paint-feather',
    label: 'paint.feather',
    value: 100 * feather,
    onInput: (share) => set({ feather: share / 100 }),
  });
  const values = slider(scope, texts, {
    ...percents,
    id: 'paint-value',
    label: 'paint.value',
    value: 100 * value,
    onInput: (share) => set({ value: share / 100 }),
  });
  return h('div', { class: 'learn-tools' }, tools.element, sizes.element, feathers.element, values.element);
}
