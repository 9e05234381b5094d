import { HttpProblem } from './problem.ts';

const RETRY_AFTER_SECONDS = 1;

/** Gives back what an admission took. Safe to repeat. */
export type Leave = () => void;

/** Bounds the bytes that requests may hold at the same time, and the requests themselves. */
export class RequestLimit {
  readonly #most: Readonly<{ bytes: number; requests: number }>;
  #bytes = 0;
  #requests = 0;

  constructor(most: Readonly<{ bytes: number; requests: number }>) {
    this.#most = most;
  }

  /** Throws a 429 when there is no room. A request alone is always let in. */
  enter(bytes: number): Leave {
    const full = this.#requests >= this.#most.requests || this.#bytes + bytes > this.#most.bytes;
    if (full && this.#requests > 0)
      throw new HttpProblem(429, 'busy', 'Too much is on its way already: send it again in a moment.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    this.#bytes += bytes;
    this.#requests += 1;
    return once(() => {
      this.#bytes -= bytes;
      this.#requests -= 1;
    });
  }
}

function once(act: () => void): Leave {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
