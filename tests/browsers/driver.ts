/** A file that the page has saved. */
export interface SavedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How a browser is started. */
export interface LaunchOptions {
  /** Environment in which it plays into the null sink, in addition to this process's. */
  readonly environment: Readonly<Record<string, string>>;
  /** A phone's screen: fingers, and 360 × 740 pixels. Default: a laptop's, 1280 × 900. */
  readonly touch?: boolean;
}

/**
 * A browser with one tab, in English, in a profile of its own that ends with it. It plays into a null sink
 * (null-sink.ts). To take it offline, the walk ends the server that the page came from.
 *
 * Functions for the page are sent as text: they see their arguments, which are JSON, and the page's globals, nothing
 * else. Where they return a promise, it is awaited.
 */
export interface BrowserDriver {
  /** Errors that nothing on a page caught, and what a page wrote to the console as errors, if the browser tells them. */
  readonly problems: readonly string[];

  /** The browser and its version. */
  version(): Promise<string>;

  /** Opens an address, and waits until the page is loaded. */
  open(address: string): Promise<void>;
  /** Loads the page again. */
  reload(): Promise<void>;
  /** Runs the text of a script in the page, whatever its Content-Security-Policy says. */
  inject(script: string): Promise<void>;
  /** Runs a function in the page. @returns what it returns, as JSON */
  evaluate<Args extends readonly unknown[], Result>(
    run: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;

  /** Scrolls to an element and clicks on its middle, by mouse: for the page, a person did it. */
  click<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<void>;
  /** Scrolls to an element and taps on its middle with a finger. */
  tap<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<void>;
  /** Presses and releases a key, as in KeyboardEvent.key. */
  press(key: string): Promise<void>;
  /** Chooses files for a file input. @param paths absolute */
  chooseFiles(paths: readonly string[], find: () => Element): Promise<void>;

  /** Does something and waits for the file that the page saves then. */
  saved(act: () => Promise<void>): Promise<SavedFile>;
  /** What the window shows, as a PNG file. */
  screenshot(): Promise<Uint8Array>;
  /** Ends the browser, and removes its profile. */
  close(): Promise<void>;
}
