/** The part of `navigator` that is needed; not all browsers have it. */
export type BadgeTarget = Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge'>>;

/** The badge of the installed app: how many songs were separated while nobody looked. */
export class AppBadge {
  readonly #target: BadgeTarget;
  readonly #hidden: () => boolean;
  #count = 0;

  /** @param hidden whether the page is out of sight */
  constructor(target: BadgeTarget, hidden: () => boolean) {
    this.#target = target;
    this.#hidden = hidden;
  }

  /** A song is separated. */
  separated(): void {
    if (!this.#hidden()) return;
    this.#count++;
    // Not installed, or not allowed: there is no badge then.
    this.#target.setAppBadge?.(this.#count).catch(() => undefined);
  }

  /** The page may be in sight again. */
  look(): void {
    if (this.#hidden() || this.#count === 0) return;
    this.#count = 0;
    this.#target.clearAppBadge?.().catch(() => undefined);
  }
}
