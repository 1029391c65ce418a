/** Calls that a test answers by hand, in the order that it wants. */
export class OpenCalls<Order, Answer> {
  readonly #calls: {
    readonly order: Order;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  /** The orders so far. */
  get orders(): readonly Order[] {
    return this.#calls.map(({ order }) => order);
  }

  readonly call = (order: Order): Promise<Answer> =>
    new Promise((resolve, reject) => {
      this.#calls.push({ order, resolve, reject });
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
