import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { bpmOfTaps, MAX_BPM, MIN_BPM, tapped } from '../../player/count-in.ts';
import { COUNT_INS, type Practice } from '../../player/practice.ts';
import { AS_RECORDED, isAsRecorded, MAX_RATE, MAX_SEMITONES, MIN_RATE } from '../../player/rate-and-key.ts';
import { h, icon, setAttributes, setAvailable, setText } from '../shell/dom.ts';

/** The tools for practising. Folded away, their summary shows the settings. */
export class PracticePanel {
  readonly element: HTMLDetailsElement;
  readonly #i18n: I18n;
  readonly #practice: Practice;
  readonly #title = h('span', { class: 'practice-title' });
  readonly #summary = h('span', { class: 'practice-now', role: 'status' });
  readonly #start = h('button', { type: 'button', class: 'button small mark', id: 'loop-start' });
  readonly #end = h('button', { type: 'button', class: 'button small mark', id: 'loop-end' });
  readonly #loop = h('button', { type: 'button', class: 'button small', id: 'loop-toggle' });
  readonly #clear = h('button', { type: 'button', class: 'icon-button', id: 'loop-clear' }, icon('close'));
  readonly #speed = h('input', {
    type: 'range',
    id: 'speed',
    min: MIN_RATE * 100,
    max: MAX_RATE * 100,
    step: 1,
    value: 100,
  });
  readonly #speedValue = h('output', { for: 'speed' });
  readonly #key = h('input', {
    type: 'range',
    id: 'key',
    min: -MAX_SEMITONES,
    max: MAX_SEMITONES,
    step: 1,
    value: 0,
  });
  readonly #keyValue = h('output', { for: 'key' });
  readonly #asRecorded = h('button', { type: 'button', class: 'button small', id: 'as-recorded' });
  readonly #beats = h('select', { class: 'quiet', id: 'count-in' });
  readonly #bpm = h('input', { type: 'number', id: 'bpm', min: MIN_BPM, max: MAX_BPM, step: 1, value: 100 });
  readonly #tap = h('button', { type: 'button', class: 'button small', id: 'tap' });
  readonly #first = h('button', { type: 'button', class: 'button small', id: 'first-vocals' });
  #taps: readonly number[] = [];

  /** @param firstVocals Called to jump to the first singing. */
  constructor(scope: Scope, i18n: I18n, practice: Practice, firstVocals: () => void) {
    this.#i18n = i18n;
    this.#practice = practice;
    this.element = h(
      'details',
      { class: 'practice', id: 'practice' },
      h('summary', {}, this.#title, this.#summary),
      h(
        'div',
        { class: 'practice-tools card' },
        this.#group(scope, 'practice.loop', this.#start, this.#end, this.#loop, this.#clear),
        this.#group(scope, 'practice.speed', this.#speed, this.#speedValue),
        this.#group(scope, 'practice.key', this.#key, this.#keyValue, this.#asRecorded),
        this.#group(scope, 'practice.countIn', this.#beats, h('label', { class: 'bpm' }, this.#bpm, 'BPM'), this.#tap),
        this.#group(scope, 'practice.activity', this.#first),
      ),
    );
    for (const beats of COUNT_INS) this.#beats.append(h('option', { value: beats }));
    this.#listen(scope, firstVocals);
    scope.add(practice.on('change', () => this.#show()));
    i18n.bind(scope, () => this.#label());
  }

  /** Opens or closes the tools. */
  toggle(): void {
    this.element.open = !this.element.open;
  }

  /** Counts a tap of the tempo. */
  tap(): void {
    this.#taps = tapped(this.#taps, performance.now() / 1000);
    const bpm = bpmOfTaps(this.#taps);
    if (bpm !== undefined) this.#practice.setBpm(bpm);
  }

  /** Enables the jump to the first singing. */
  vocalsKnown(known: boolean): void {
    this.#first.disabled = !known;
  }

  #group(
    scope: Scope,
    name: 'practice.loop' | 'practice.speed' | 'practice.key' | 'practice.countIn' | 'practice.activity',
    ...controls: readonly HTMLElement[]
  ): HTMLElement {
    const title = h('span', { class: 'name', 'aria-hidden': 'true' });
    const group = h(
      'div',
      { class: 'practice-group', role: 'group' },
      title,
      h('div', { class: 'practice-controls' }, ...controls),
    );
    this.#i18n.bind(scope, () => {
      setText(title, this.#i18n.t(name));
      group.setAttribute('aria-label', this.#i18n.t(name));
    });
    return group;
  }

  #listen(scope: Scope, firstVocals: () => void): void {
    const practice = this.#practice;
    scope.listen(this.#start, 'click', () => practice.markStart());
    scope.listen(this.#end, 'click', () => practice.markEnd());
    scope.listen(this.#loop, 'click', () => practice.toggleLoop());
    scope.listen(this.#clear, 'click', () => practice.clearLoop());
    scope.listen(this.#speed, 'input', () => practice.setRateAndKey({ speed: this.#speed.valueAsNumber / 100 }));
    scope.listen(this.#speed, 'dblclick', () => practice.setRateAndKey({ speed: 1 }));
    scope.listen(this.#key, 'input', () => practice.setRateAndKey({ semitones: this.#key.valueAsNumber }));
    scope.listen(this.#key, 'dblclick', () => practice.setRateAndKey({ semitones: 0 }));
    scope.listen(this.#asRecorded, 'click', () => practice.setRateAndKey(AS_RECORDED));
    scope.listen(this.#beats, 'change', () => practice.setBeats(Number(this.#beats.value)));
    scope.listen(this.#bpm, 'change', () => practice.setBpm(this.#bpm.valueAsNumber));
    scope.listen(this.#tap, 'click', () => this.tap());
    scope.listen(this.#first, 'click', firstVocals);
  }

  #label(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    setText(this.#title, t('practice.title'));
    setText(this.#asRecorded, t('practice.asRecorded'));
    setText(this.#tap, t('practice.tap'));
    setText(this.#first, t('practice.first'));
    setText(this.#loop, t('practice.repeat'));
    this.#start.title = t('mix.key', { key: '[' });
    this.#end.title = t('mix.key', { key: ']' });
    this.#loop.title = t('mix.key', { key: 'L' });
    this.#first.title = t('mix.key', { key: 'V' });
    this.#tap.title = t('mix.key', { key: 'T' });
    setAttributes(this.#clear, { 'aria-label': t('practice.clear'), title: t('practice.clear') });
    setAttributes(this.#speed, { 'aria-label': t('practice.speed'), title: t('practice.reset') });
    setAttributes(this.#key, { 'aria-label': t('practice.key'), title: t('practice.reset') });
    this.#beats.setAttribute('aria-label', t('practice.countIn'));
    this.#bpm.setAttribute('aria-label', t('practice.tempo'));
    for (const [n, option] of [...this.#beats.options].entries()) {
      setText(option, COUNT_INS[n] === 0 ? t('practice.noCountIn') : t('practice.beats', { beats: COUNT_INS[n] }));
    }
    this.#show();
  }

  #show(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const { marks, looping, rateAndKey, beats, bpm } = this.#practice.state;
    const time = (seconds: number | undefined) => (seconds === undefined ? '–' : clock(seconds, 1));
    setText(this.#start, `A ${time(marks.start)}`);
    setText(this.#end, `B ${time(marks.end)}`);
    this.#start.setAttribute('aria-label', t('practice.setStart', { time: time(marks.start) }));
    this.#end.setAttribute('aria-label', t('practice.setEnd', { time: time(marks.end) }));
    this.#loop.setAttribute('aria-pressed', String(looping));
    setAvailable(this.#clear, marks.start !== undefined || marks.end !== undefined);

    const percent = Math.round(rateAndKey.speed * 100);
    const speed = t('practice.speedValue', { percent });
    if (this.#speed.valueAsNumber !== percent) this.#speed.value = String(percent);
    setText(this.#speedValue, speed);
    this.#speed.setAttribute('aria-valuetext', speed);
    this.#speed.style.setProperty('--part', String((rateAndKey.speed - MIN_RATE) / (MAX_RATE - MIN_RATE)));

    const semitones = rateAndKey.semitones > 0 ? `+${rateAndKey.semitones}` : signed(rateAndKey.semitones, 0);
    if (this.#key.valueAsNumber !== rateAndKey.semitones) this.#key.value = String(rateAndKey.semitones);
    setText(this.#keyValue, semitones);
    this.#key.setAttribute('aria-valuetext', t('practice.keyValue', { semitones }));
    this.#key.style.setProperty('--part', String((rateAndKey.semitones + MAX_SEMITONES) / (2 * MAX_SEMITONES)));
    setAvailable(this.#asRecorded, !isAsRecorded(rateAndKey));

    this.#beats.value = String(beats);
    if (document.activeElement !== this.#bpm || this.#bpm.valueAsNumber !== bpm) this.#bpm.value = String(bpm);

    const now = [
      looping && marks.start !== undefined && marks.end !== undefined
        ? t('practice.nowLoop', { from: clock(marks.start, 1), to: clock(marks.end, 1) })
        : '',
      rateAndKey.speed === 1 ? '' : speed,
      rateAndKey.semitones === 0 ? '' : t('practice.nowKey', { semitones }),
      beats === 0 ? '' : t('practice.nowCountIn', { beats, bpm }),
    ];
    setText(this.#summary, now.filter(Boolean).join(' · '));
  }
}
