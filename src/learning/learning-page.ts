import './learning.css';
import './widgets/fields.css';
import './widgets/panels.css';
import './widgets/spectrogram.css';
import type { AudioData } from '../audio/audio-data.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n } from '../i18n/i18n.ts';
import { PartTexts } from '../i18n/part-texts.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import { h, setAttributes, setText } from '../ui/shell/dom.ts';
import type { Notices } from '../ui/shell/notices.ts';
import type { LearningContext, LearningSong } from './context.ts';
import { demoOffer, type Offer } from './demo-offer.ts';
import { LearningClient } from './learning-client.ts';
import { type Manifests, manifestOf } from './manifest-of.ts';
import { neighbourLinks, sectionLinks } from './section-links.ts';
import { type LearningSection, SECTIONS } from './sections.ts';
import { LEARNING_MESSAGES, type LearningTexts } from './texts.ts';
import { songBar } from './widgets/song-bar.ts';

/** What the learning page needs of the rest of the page. */
export interface LearningPageOptions {
  readonly client: SeparationClient;
  readonly decode: (file: Blob, name: string) => Promise<AudioData>;
  readonly notices: Notices;
  /** The song that is open. */
  readonly song: () => LearningSong | undefined;
  /** Whether a song is being opened or separated. */
  readonly busy: () => boolean;
  /** Lets the person choose another song; to be called from a click. */
  readonly choose: () => void;
  /** Opens and separates the demo song. Ends with its first separated part, or when it failed. */
  readonly demo: () => Promise<void>;
}

/**
 * The second view of the page: it explains the separation on the song that is open. It shows one section at a time, each
 * with its own address, code and scope.
 */
export class LearningPage {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #texts: LearningTexts;
  readonly #options: LearningPageOptions;
  readonly #links: ReadonlyMap<string, HTMLAnchorElement>;
  readonly #place = h('div', { class: 'learn-section' });
  readonly #bar = h('div');
  readonly #recolourCallbacks = new Set<() => void>();
  #section: LearningSection = SECTIONS[0];
  #open = false;
  /** Of the section that is shown. */
  #shown: Scope | undefined;
  #shownSong: LearningSong | undefined;
  #learningClient: LearningClient | undefined;
  #offer: Offer | undefined;

  constructor(scope: Scope, i18n: I18n, options: LearningPageOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#texts = new PartTexts(i18n, LEARNING_MESSAGES);
    this.#options = options;
    const { element: nav, links } = sectionLinks(scope, this.#texts);
    this.#links = links;
    const title = h('h1');
    const lead = h('p', { class: 'learn-lead' });
    this.#texts.bind(scope, () => {
      setText(title, this.#texts.t('learn.title'));
      setText(lead, this.#texts.t('learn.lead'));
    });
    const head = h('div', { class: 'learn-head' }, h('div', {}, title, lead), this.#bar);
    this.element = h('div', { class: 'learn' }, head, nav, this.#place);
    scope.add(() => this.leave());
  }

  /**
   * Shows a section; the first one for an unknown id.
   *
   * @param focus moves the focus to the heading, for a person who followed a link
   */
  async enter(id: string | undefined, focus: boolean): Promise<void> {
    const section = SECTIONS.find((one) => one.id === id) ?? SECTIONS[0];
    const isShown = this.#open && section === this.#section;
    this.#open = true;
    this.#section = section;
    for (const [of, link] of this.#links) setAttributes(link, { 'aria-current': of === section.id && 'page' });
    if (!isShown) await this.#show();
    if (!focus || section !== this.#section) return;
    this.#place.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
    if (id !== undefined) this.#links.get(id)?.scrollIntoView({ block: 'nearest', inline: 'center' });
    scrollTo(0, 0);
  }

  /** Ends everything that the section does; the learning page is hidden. */
  leave(): void {
    this.#open = false;
    this.#shown?.dispose();
    this.#shown = undefined;
    this.#shownSong = undefined;
    this.#place.replaceChildren();
    this.#bar.replaceChildren();
    this.#learningClient?.dispose();
    this.#learningClient = undefined;
  }

  /** To be called when another song is open, or none. */
  songChanged(): void {
    if (!this.#open) return;
    if (this.#options.song() !== this.#shownSong) void this.#show();
    else this.#offer?.refresh();
  }

  /** Draws again with the present colours of the style sheet. */
  recolour(): void {
    for (const callback of this.#recolourCallbacks) callback();
  }

  async #show(): Promise<void> {
    this.#shown?.dispose();
    const scope = this.#scope.child();
    this.#shown = scope;
    this.#offer = undefined;
    const section = this.#section;
    const song = this.#options.song();
    this.#shownSong = song;
    this.#bar.replaceChildren(songBar(scope, this.#i18n, this.#texts, { song, choose: this.#options.choose }));
    const heading = h('h2', { tabindex: -1 });
    const loading = h('p', { role: 'status' });
    const body = h('div', { class: 'learn-body' }, loading);
    this.#texts.bind(scope, () => {
      setText(heading, this.#texts.t(section.titleKey));
      setText(loading, this.#texts.t('learn.loading'));
    });
    this.#place.replaceChildren(heading, body, neighbourLinks(scope, this.#texts, section));
    if (!song || !(song.store.whole || section.showsLongSongs)) {
      this.#offer = demoOffer(scope, this.#texts, { ...this.#options, onDisk: song !== undefined });
      body.replaceChildren(...this.#offer.elements);
      return;
    }
    try {
      const manifests = manifestOf(this.#options.client, song.model, song.quality);
      const [{ mount }, known] = await Promise.all([section.load(), manifests]);
      if (scope.disposed) return;
      body.replaceChildren(mount(scope, this.#context(song, known)));
    } catch (error) {
      if (!scope.disposed) this.#options.notices.thrown(error);
    }
  }

  #context(song: LearningSong, manifests: Manifests): LearningContext {
    const { client, decode, notices } = this.#options;
    this.#learningClient ??= new LearningClient();
    return {
      i18n: this.#i18n,
      texts: this.#texts,
      notices,
      song,
      ...manifests,
      separationClient: client,
      decode,
      learningClient: this.#learningClient,
      watchSong: (scope, callback) => {
        scope.add(song.store.on('grew', callback));
        callback();
      },
      onRecolour: (scope, callback) => {
        this.#recolourCallbacks.add(callback);
        scope.add(() => this.#recolourCallbacks.delete(callback));
      },
    };
  }
}
