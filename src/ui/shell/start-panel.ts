import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setText } from './dom.ts';
import { heroArt } from './hero-art.ts';

/** The page without a song: what this is, and the ways to open a song. */
export function startPanel(
  scope: Scope,
  i18n: I18n,
  actions: {
    readonly choose: () => void;
    /** Undefined if the browser cannot choose folders. */
    readonly chooseFolder: (() => void) | undefined;
    readonly demo: () => void;
  },
): HTMLElement {
  const title = h('h1');
  const lead = h('p', { class: 'lead' });
  const drop = h('p', { class: 'drop-title' });
  const or = h('p', { class: 'or' });
  const choose = h('button', { type: 'button', class: 'button primary large' }, icon('open'), h('span'));
  const folder = h('button', { type: 'button', class: 'button large' }, icon('folder'), h('span'));
  folder.hidden = !actions.chooseFolder;
  const demo = h('button', { type: 'button', class: 'button large', id: 'demo' }, icon('play'), h('span'));
  const formats = h('p', { class: 'formats' });
  const promise = h('span');
  const steps = [h('li'), h('li'), h('li')];
  scope.listen(choose, 'click', actions.choose);
  scope.listen(folder, 'click', () => actions.chooseFolder?.());
  scope.listen(demo, 'click', actions.demo);
  i18n.bind(scope, () => {
    setText(title, i18n.t('start.title'));
    setText(lead, i18n.t('start.lead'));
    // On a phone, there is nothing to drop or paste.
    const touch = matchMedia('(pointer: coarse)').matches;
    setText(drop, i18n.t(touch ? 'start.dropTouch' : 'start.drop'));
    setText(or, touch ? '' : i18n.t('start.or'));
    setText(choose.lastElementChild as HTMLElement, i18n.t('start.choose'));
    setText(folder.lastElementChild as HTMLElement, i18n.t('start.folder'));
    setText(demo.lastElementChild as HTMLElement, i18n.t('start.demo'));
    setText(formats, i18n.t('start.formats'));
    setText(promise, i18n.t('page.privateLong'));
    setText(steps[0], i18n.t('start.step1'));
    setText(steps[1], i18n.t('start.step2'));
    setText(steps[2], i18n.t('start.step3'));
  });
  return h(
    'section',
    { class: 'start' },
    h(
      'div',
      { class: 'pitch' },
      title,
      lead,
      h(
        'div',
        { class: 'drop-card' },
        h('div', { class: 'drop-words' }, drop, or),
        h('div', { class: 'drop-buttons' }, choose, folder, demo),
        formats,
      ),
      h('p', { class: 'privacy-long' }, icon('shield'), promise),
    ),
    h('div', { class: 'show' }, heroArt(scope, i18n), h('ol', { class: 'steps' }, ...steps)),
  );
}
