/** Calls that a test answers by hand, in the order that it wants. */
export class OpenCalls<Order, Answer> {
  readonly #calls: {
    readonly request: Order;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  /** The requests so far. */
  get requests(): readonly Order[] {
    return this.#calls.map(({ request }) => request);
  }

  readonly call = (request: Order): Promise<Answer> =>
    new Promise((resolve, reject) => {
      this.#calls.push({ request, resolve, reject });
    });

  answer(call: number, answer: Answer): void {
    this.#calls[call].resolve(answer);
  }

  fail(call: number, error: unknown): void {
    this.#calls[call].reject(error);
  }
}

/** Lets everything run that waits for promises that are settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
