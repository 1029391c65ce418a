import './learning.css';
import type { AudioData } from '../audio/audio-data.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { PartTexts } from '../i18n/part-texts.ts';
import { atQuality } from '../model/quality.ts';
import { isSameModel } from '../separation/model-choice.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import { h, setAttributes, setText } from '../ui/shell/dom.ts';
import type { Notices } from '../ui/shell/notices.ts';
import { learnHref } from '../ui/shell/route.ts';
import type { LearningContext, LearningSong } from './context.ts';
import { LearningClient } from './learning-client.ts';
import { type LearningSection, SECTIONS } from './sections.ts';
import { LEARNING_MESSAGES, type LearningTexts } from './texts.ts';
import { songBar } from './widgets/song-bar.ts';

/** What the room needs of the page. */
export interface LearningRoomOptions {
  readonly client: SeparationClient;
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  readonly notices: Notices;
  /** The song that is open. */
  readonly song: () => LearningSong | undefined;
  /** A song is being opened or separated. */
  readonly busy: () => boolean;
  /** Lets the person choose another song; call it from a click. */
  readonly choose: () => void;
  /** Opens and separates the demo song; ends when its first piece is there, or it failed. */
  readonly demo: () => Promise<void>;
}

type Manifests = Pick<LearningContext, 'manifest' | 'wholeManifest'>;

/** Milliseconds between two looks at how much of the song is separated. */
const LOOK_MS = 250;

/**
 * The second view of the page: what a network that cuts things out of pictures does with a song, shown on the song that
 * is open. One section at a time, each with its own address, code and scope.
 */
export class LearningRoom {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #texts: LearningTexts;
  readonly #options: LearningRoomOptions;
  readonly #links = new Map<string, HTMLAnchorElement>();
  readonly #place = h('div', { class: 'learn-place' });
  readonly #bar = h('div', { class: 'learn-song-place' });
  readonly #repaint = new Set<() => void>();
  #section: LearningSection = SECTIONS[0];
  #inside = false;
  /** Of the section that is shown. */
  #shown: Scope | undefined;
  #shownSong: LearningSong | undefined;
  #lab: LearningClient | undefined;
  /** Says anew what is offered where no song is open. */
  #offer: (() => void) | undefined;

  constructor(scope: Scope, i18n: I18n, options: LearningRoomOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#texts = new PartTexts(i18n, LEARNING_MESSAGES);
    this.#options = options;
    this.element = this.#layout();
    scope.add(() => this.leave());
  }

  /**
   * Shows a section; the first where the id is none.
   * @param focus Moves the focus to its heading, for a person who came by a link.
   */
  async enter(id: string | undefined, focus: boolean): Promise<void> {
    const section = SECTIONS.find((one) => one.id === id) ?? SECTIONS[0];
    const same = this.#inside && section === this.#section;
    this.#inside = true;
    this.#section = section;
    for (const [of, link] of this.#links) setAttributes(link, { 'aria-current': of === section.id && 'page' });
    if (!same) await this.#show();
    if (!focus || section !== this.#section) return;
    const heading = this.#place.querySelector<HTMLElement>('h2');
    heading?.focus({ preventScroll: true });
    if (id !== undefined) this.#links.get(id)?.scrollIntoView({ block: 'nearest', inline: 'center' });
    scrollTo(0, 0);
  }

  /** Ends what the section does; the room is hidden. */
  leave(): void {
    this.#inside = false;
    this.#shown?.dispose();
    this.#shown = undefined;
    this.#shownSong = undefined;
    this.#place.replaceChildren();
    this.#bar.replaceChildren();
    this.#lab?.dispose();
    this.#lab = undefined;
  }

  /** To be called when another song is open, or none. */
  songChanged(): void {
    if (!this.#inside) return;
    if (this.#options.song() !== this.#shownSong) void this.#show();
    else this.#offer?.();
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    for (const paint of this.#repaint) paint();
  }

  async #show(): Promise<void> {
    this.#shown?.dispose();
    const scope = this.#scope.child();
    this.#shown = scope;
    const section = this.#section;
    const song = this.#options.song();
    this.#shownSong = song;
    this.#bar.replaceChildren(songBar(scope, this.#i18n, this.#texts, { song, choose: this.#options.choose }));
    const body = h('div', { class: 'learn-body' });
    this.#place.replaceChildren(this.#heading(scope, section), body, this.#neighbours(scope, section));
    if (!song?.store.whole) return this.#offerDemo(scope, body, song !== undefined);
    this.#say(scope, body, 'learn.loading');
    try {
      const [{ mount }, manifests] = await Promise.all([section.load(), this.#manifests(song)]);
      if (scope.disposed) return;
      body.replaceChildren(mount(scope, this.#context(song, manifests)));
    } catch (error) {
      if (!scope.disposed) this.#options.notices.thrown(error);
    }
  }

  #context(song: LearningSong, { manifest, wholeManifest }: Manifests): LearningContext {
    const { client, decode, notices } = this.#options;
    this.#lab ??= new LearningClient();
    return {
      i18n: this.#i18n,
      texts: this.#texts,
      notices,
      song,
      manifest,
      wholeManifest,
      client,
      decode,
      lab: this.#lab,
      watchSong: (scope, callback) => watchSong(scope, song, callback),
      onRecolour: (scope, callback) => {
        this.#repaint.add(callback);
        scope.add(() => this.#repaint.delete(callback));
      },
    };
  }

  async #manifests(song: LearningSong): Promise<Manifests> {
    const { client } = this.#options;
    const models = await client.models();
    const wholeManifest = (models.find((entry) => isSameModel(entry, song.model)) ?? models[0])?.manifest;
    if (!wholeManifest) throw new Error('The manifest of the model is gone.');
    const quality = wholeManifest.qualities && (song.quality ?? (await client.qualityInUse()));
    return { wholeManifest, manifest: atQuality(wholeManifest, quality) };
  }

  /** With no song open the demo song is opened, as if the person had asked for it; in the place of another, on a click. */
  #offerDemo(scope: Scope, body: HTMLElement, onDisk: boolean): void {
    const { demo, busy } = this.#options;
    const said = h('p', { role: 'status' });
    const button = h('button', { type: 'button', class: 'button primary' });
    body.replaceChildren(said, button);
    let asked = false;
    const speak = () => {
      const opening = asked || (busy() && !onDisk);
      button.hidden = opening;
      setText(said, this.#texts.t(opening ? 'learn.opening' : onDisk ? 'learn.onDisk' : 'learn.noSong'));
      setText(button, this.#texts.t('learn.tryDemo'));
    };
    const open = async () => {
      asked = true;
      speak();
      await demo();
      asked = false;
      if (!scope.disposed) speak();
    };
    this.#texts.bind(scope, speak);
    this.#offer = speak;
    scope.add(() => {
      this.#offer = undefined;
    });
    scope.listen(button, 'click', () => void open());
    if (!busy() && !onDisk) void open();
  }

  #say(scope: Scope, body: HTMLElement, key: 'learn.loading'): void {
    const said = h('p', { role: 'status' });
    body.replaceChildren(said);
    this.#texts.bind(scope, () => setText(said, this.#texts.t(key)));
  }

  #heading(scope: Scope, section: LearningSection): HTMLElement {
    const heading = h('h2', { tabindex: -1 });
    this.#texts.bind(scope, () => setText(heading, this.#texts.t(section.titleKey)));
    return heading;
  }

  #neighbours(scope: Scope, section: LearningSection): HTMLElement {
    const at = SECTIONS.indexOf(section);
    const nav = h('p', { class: 'learn-neighbours' });
    for (const [key, other] of [
      ['learn.previous', SECTIONS[at - 1]],
      ['learn.next', SECTIONS[at + 1]],
    ] as const) {
      if (!other) continue;
      const link = h('a', { class: 'button', href: learnHref(other.id) });
      this.#texts.bind(scope, () => setText(link, this.#texts.t(key, { title: this.#texts.t(other.shortKey) })));
      nav.append(link);
    }
    return nav;
  }

  #layout(): HTMLElement {
    const title = h('h1');
    const lead = h('p', { class: 'learn-lead' });
    const list = h('ol', { class: 'learn-sections' });
    const nav = h('nav', {}, list);
    for (const section of SECTIONS) {
      const link = h('a', { href: learnHref(section.id) });
      this.#links.set(section.id, link);
      list.append(h('li', {}, link));
      this.#texts.bind(this.#scope, () => setText(link, this.#texts.t(section.shortKey)));
    }
    this.#texts.bind(this.#scope, () => {
      setText(title, this.#texts.t('learn.title'));
      setText(lead, this.#texts.t('learn.lead'));
      nav.setAttribute('aria-label', this.#texts.t('learn.sections'));
    });
    const head = h('div', { class: 'learn-head' }, h('div', {}, title, lead), this.#bar);
    return h('div', { class: 'learn' }, head, nav, this.#place);
  }
}

function watchSong(scope: Scope, { store }: LearningSong, callback: () => void): void {
  let seen = -1;
  const look = () => {
    if (store.separatedSamples === seen) return;
    seen = store.separatedSamples;
    callback();
  };
  look();
  // Looked at, not listened to: the store tells nobody, and a few looks a second cost nothing.
  if (!store.complete) scope.interval(look, LOOK_MS);
}
