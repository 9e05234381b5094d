import { HttpProblem } from './problem.ts';

/** Wrong tokens of one address before it has to wait, and for how long. */
const MOST_WRONG = 50;
const WAIT_MS = 5_000;
/** An address is told of once, and then once a minute while it goes on. */
const TELL_EVERY_MS = 60_000;
const MOST_ADDRESSES = 1_000;

type Guesser = { wrong: number; untold: number; waitUntilMs: number; timer: NodeJS.Timeout };

/** Hears how many wrong tokens came from an address since it was last told. */
export type OnWrongTokens = (address: string, count: number) => void;

/** Who brings wrong tokens: told of, and slowed to ten a second. */
export class WrongTokens {
  readonly #guessers = new Map<string, Guesser>();
  readonly #tell: OnWrongTokens;

  constructor(tell: OnWrongTokens) {
    this.#tell = tell;
  }

  /** Throws a 429 while the address has to wait. */
  assertMayTry(address: string): void {
    const waitMs = (this.#guessers.get(networkOf(address))?.waitUntilMs ?? 0) - performance.now();
    if (waitMs <= 0) return;
    const detail = 'Too many wrong tokens came from this address: try again in a few seconds.';
    const retryAfterSeconds = Math.ceil(waitMs / 1_000);
    throw new HttpProblem(429, 'too_many_guesses', detail, { retryAfterSeconds });
  }

  count(address: string): void {
    const network = networkOf(address);
    const guesser = this.#guessers.get(network) ?? this.#newGuesser(network);
    guesser.wrong += 1;
    guesser.untold += 1;
    if (guesser.wrong === 1) this.#tellOf(network, guesser);
    if (guesser.wrong % MOST_WRONG === 0) guesser.waitUntilMs = performance.now() + WAIT_MS;
  }

  close(): void {
    for (const [network, guesser] of this.#guessers) this.#forget(network, guesser);
  }

  #newGuesser(network: string): Guesser {
    const [oldest] = this.#guessers;
    if (oldest !== undefined && this.#guessers.size >= MOST_ADDRESSES) this.#forget(...oldest);
    const timer = setInterval(() => this.#lookAt(network), TELL_EVERY_MS).unref();
    const guesser = { wrong: 0, untold: 0, waitUntilMs: 0, timer };
    this.#guessers.set(network, guesser);
    return guesser;
  }

  #lookAt(network: string): void {
    const guesser = this.#guessers.get(network);
    if (guesser === undefined) return;
    if (guesser.untold === 0) this.#forget(network, guesser);
    else this.#tellOf(network, guesser);
  }

  #tellOf(network: string, guesser: Guesser): void {
    this.#tell(network, guesser.untold);
    guesser.untold = 0;
  }

  #forget(network: string, guesser: Guesser): void {
    clearInterval(guesser.timer);
    this.#guessers.delete(network);
    if (guesser.untold > 0) this.#tell(network, guesser.untold);
  }
}

/** Of IPv6 the part that one customer has: https://www.rfc-editor.org/rfc/rfc6177. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!plain.includes(':') || plain.startsWith('::')) return plain;
  return `${plain.split(':').slice(0, 4).join(':')}::/64`;
}
