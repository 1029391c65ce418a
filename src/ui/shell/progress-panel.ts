import type { Values } from '../../core/fill-in.ts';
import { clock, megabytes, speed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/language.ts';
import type { Progress } from '../../songs/progress.ts';
import type { SongController } from '../../songs/song-controller.ts';
import { h, icon, setText } from './dom.ts';

/** What the panel offers when a song is separated. */
export interface SeparatedOffer {
  /** Whether the accompaniment is offered: nothing else was chosen yet. */
  readonly offered: () => boolean;
  /** Plays the accompaniment. */
  readonly hear: () => void;
}

/** Shows the present step, its progress, speed and remaining time, and a button to cancel. */
export class ProgressPanel {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #what = h('p', { class: 'what' });
  readonly #meta = h('p', { class: 'meta' });
  readonly #bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 });
  readonly #fill = h('div', { class: 'fill' });
  readonly #live = h('p', { class: 'visually-hidden', role: 'status' });
  readonly #cancel = h('button', { type: 'button', class: 'button' });
  readonly #finish = h('button', { type: 'button', class: 'button primary' });
  readonly #hear = h('button', { type: 'button', class: 'button primary', id: 'hear' }, icon('play'), h('span'));
  readonly #offer: SeparatedOffer;
  #progress: Progress | undefined;
  #spoken = '';

  constructor(scope: Scope, i18n: I18n, songs: SongController, offer: SeparatedOffer) {
    this.#i18n = i18n;
    this.#offer = offer;
    this.#bar.append(this.#fill);
    this.element = h(
      'section',
      { class: 'progress', hidden: true },
      h('div', { class: 'words' }, this.#what, this.#meta),
      this.#bar,
      h('div', { class: 'actions' }, this.#hear, this.#finish, this.#cancel),
      this.#live,
    );
    scope.listen(this.#cancel, 'click', () => songs.cancel());
    scope.listen(this.#finish, 'click', () => songs.finish());
    scope.listen(this.#hear, 'click', offer.hear);
    scope.add(songs.on('change', () => this.#show(songs.state.progress)));
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('progress.region'));
      setText(this.#cancel, i18n.t('progress.cancel'));
      setText(this.#finish, i18n.t('progress.finish'));
      setText(this.#hear.lastElementChild as HTMLElement, i18n.t('progress.hear'));
      // A change of language must not make a screen reader repeat the last announcement.
      setText(this.#live, '');
      if (this.#progress) this.#show(this.#progress);
    });
  }

  /** Shows the same step again: what is offered may be another. */
  refresh(): void {
    this.#show(this.#progress);
  }

  /** Shows a step; undefined: nothing is going on. */
  #show(progress: Progress | undefined): void {
    this.#progress = progress;
    this.element.hidden = !progress;
    if (!progress) return;
    const { what, values, part } = words(progress);
    const text = this.#i18n.t(what, values);
    setText(this.#what, text);
    setText(this.#meta, this.#metaText(progress));
    this.element.dataset.kind = progress.kind;
    this.#bar.setAttribute('aria-label', text);
    if (part === undefined) this.#bar.removeAttribute('aria-valuenow');
    else this.#bar.setAttribute('aria-valuenow', String(Math.round(100 * part)));
    this.#bar.classList.toggle('unknown', part === undefined);
    this.#fill.style.width = part === undefined ? '' : `${100 * part}%`;
    const working = progress.kind !== 'done' && progress.kind !== 'cancelled';
    this.#cancel.hidden = !working;
    this.#finish.hidden = progress.kind !== 'cancelled';
    this.#hear.hidden = progress.kind !== 'done' || !this.#offer.offered();
    this.#bar.hidden = progress.kind === 'done';
    this.#speak(progress, text, part);
  }

  #metaText(progress: Progress): string {
    if (progress.kind !== 'separating' || progress.speed <= 0) return '';
    const left = (progress.totalSeconds - progress.doneSeconds) / progress.speed;
    const fast = this.#i18n.t('progress.speed', { speed: speed(progress.speed) });
    return `${fast} · ${this.#i18n.t('progress.left', { time: clock(Math.ceil(left)) })}`;
  }

  /** Announces each new step, and each quarter of the separation, to screen readers. */
  #speak(progress: Progress, text: string, part: number | undefined): void {
    const quarter = Math.floor(4 * (part ?? 0));
    const key = `${progress.kind} ${progress.kind === 'separating' ? quarter : ''}`;
    if (key === this.#spoken) return;
    this.#spoken = key;
    const percent = this.#i18n.t('progress.partLive', { percent: 25 * quarter });
    setText(this.#live, progress.kind === 'separating' && quarter > 0 ? percent : text);
  }
}

function words(progress: Progress): { what: MessageKey; values?: Values; part?: number } {
  switch (progress.kind) {
    case 'decoding':
      if (progress.doneSeconds !== undefined && progress.totalSeconds) {
        const { name, doneSeconds, totalSeconds } = progress;
        const values = { name, done: clock(doneSeconds), total: clock(totalSeconds) };
        return { what: 'long.decoding', values, part: Math.min(1, doneSeconds / totalSeconds) };
      }
      return { what: 'progress.decoding', values: { name: progress.name } };
    case 'loading-model': {
      const { loadedBytes, totalBytes } = progress;
      const values = { loaded: megabytes(loadedBytes), total: megabytes(totalBytes) };
      return { what: 'progress.loadingModel', values, part: totalBytes > 0 ? loadedBytes / totalBytes : undefined };
    }
    case 'probing':
      return { what: 'progress.probing', values: { backend: progress.backend } };
    case 'starting':
      return { what: 'progress.starting' };
    case 'separating':
    case 'cancelled': {
      const { doneSeconds, totalSeconds } = progress;
      const values = { done: clock(doneSeconds), total: clock(totalSeconds) };
      const part = totalSeconds > 0 ? doneSeconds / totalSeconds : 0;
      if (progress.kind === 'separating') return { what: 'progress.separating', values, part };
      return { what: doneSeconds > 0 ? 'progress.cancelled' : 'progress.notBegun', values, part };
    }
    case 'done':
      return {
        what: 'progress.done',
        values: { time: clock(Math.ceil(progress.elapsedSeconds)), speed: speed(progress.speed) },
        part: 1,
      };
  }
}
