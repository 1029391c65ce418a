import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { type Heard, VideoSync } from '../../player/video-sync.ts';
import { h, icon, setAttributes } from '../shell/dom.ts';

/** The picture of a song that came from a video: silent, in step with what is heard. Hidden while there is none. */
export class VideoView {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #video = h('video', { muted: true, playsinline: true, preload: 'auto', disablepictureinpicture: true });
  readonly #sync = new VideoSync(this.#video);
  #file: Blob | undefined;
  #fileNow: () => Blob | undefined = () => undefined;
  #address: string | undefined;

  /** @param changed called when the picture has to be put in step again */
  constructor(scope: Scope, i18n: I18n, changed: () => void) {
    this.#scope = scope;
    this.#video.muted = true;
    const larger = h('button', { type: 'button', class: 'icon-button', id: 'video-full' }, icon('enlarge'));
    this.element = h('figure', { class: 'song-video', hidden: true }, this.#video, larger);
    scope.listen(this.#video, 'loadeddata', () => {
      this.element.hidden = false;
      changed();
    });
    scope.listen(this.#video, 'seeked', changed);
    scope.listen(this.#video, 'error', () => this.#failed());
    scope.listen(larger, 'click', () => void this.#video.requestFullscreen?.().catch(() => undefined));
    scope.add(() => this.#release());
    i18n.bind(scope, () => {
      this.#video.setAttribute('aria-label', i18n.t('video.picture'));
      setAttributes(larger, { 'aria-label': i18n.t('video.fullScreen'), title: i18n.t('video.fullScreen') });
    });
  }

  /** Shows the picture of a file. @param fileNow the song's file now: it may be moved while the song is open */
  open(fileNow: () => Blob | undefined): void {
    this.#fileNow = fileNow;
    this.#load(fileNow());
  }

  /** Puts the picture in step with what is heard. */
  follow(heard: Heard): void {
    if (!this.element.hidden) this.#sync.follow(heard, performance.now());
  }

  /** The browser cannot play the file, or it was moved: then it is opened again where it is now. */
  #failed(): void {
    this.element.hidden = true;
    const file = this.#fileNow();
    if (file !== this.#file && !this.#scope.disposed) this.#load(file);
  }

  #load(file: Blob | undefined): void {
    this.#release();
    this.#file = file;
    if (!file) return;
    this.#address = URL.createObjectURL(file);
    this.#video.src = this.#address;
  }

  #release(): void {
    if (this.#address === undefined) return;
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#address);
    this.#address = undefined;
  }
}
