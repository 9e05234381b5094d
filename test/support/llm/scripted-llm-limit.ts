import { RequestWindow } from '../stage/request-window.ts';
import { error, type WireAnswer } from './scripted-llm-answer.ts';
import type { Script } from './scripted-llm-script.ts';

/** Calls of one key by the second since its first call was seen by the limit. */
export type KeyTally = Readonly<{ admitted: number[]; refused: number[] }>;

type Verdict = Readonly<{ headers: Readonly<Record<string, string>>; refusal: WireAnswer | undefined }>;

/** The script's limit of requests in any window of time, shared by all keys, and who got how much of it. */
export class RequestLimit {
  readonly #window: RequestWindow;
  readonly #says: boolean;
  readonly #tallies = new Map<string, KeyTally>();
  #startMs: number | undefined;

  constructor({ requests, windowMs, headers }: NonNullable<Script['rateLimit']>) {
    this.#window = new RequestWindow(requests, windowMs);
    this.#says = headers;
  }

  get tallies(): Readonly<Record<string, KeyTally>> {
    return Object.fromEntries(this.#tallies);
  }

  ask(key: string): Verdict {
    const nowMs = performance.now();
    this.#startMs ??= nowMs;
    const { admitted, limit, remaining, resetMs, retryMs } = this.#window.ask(nowMs);
    this.#count(key, Math.floor((nowMs - this.#startMs) / 1_000), admitted);
    const headers = this.#says
      ? {
          'x-ratelimit-limit-requests': `${limit}`,
          'x-ratelimit-remaining-requests': `${remaining}`,
          'x-ratelimit-reset-requests': `${(resetMs / 1_000).toFixed(3)}s`,
        }
      : {};
    if (admitted) return { headers, refusal: undefined };
    const retry = this.#says ? { 'retry-after': `${Math.ceil(retryMs / 1_000)}` } : {};
    const said = error(429, 'rate_limit_exceeded', 'requests', 'Rate limit reached for requests per minute.');
    return { headers, refusal: { ...said, headers: { ...headers, ...retry } } };
  }

  #count(key: string, second: number, admitted: boolean): void {
    const tally = this.#tallies.get(key) ?? { admitted: [], refused: [] };
    this.#tallies.set(key, tally);
    const counts = admitted ? tally.admitted : tally.refused;
    while (counts.length <= second) counts.push(0);
    counts[second] = (counts[second] ?? 0) + 1;
  }
}
