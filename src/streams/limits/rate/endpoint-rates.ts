import type { EndpointBudgetState } from '../endpoint-state.ts';
import { FixedLimit } from './fixed-limit.ts';
import { HeaderBudget } from './header-budget.ts';
import type { RateReading } from './rate-reading.ts';
import { type Refusal, RefusalRate } from './refusal-rate.ts';

/** Limits that the settings set for one process, each optional. */
export type FixedLimits = Readonly<{ requestsPerMinute?: number; tokensPerMinute?: number }>;

/** What a call notes down when it leaves. */
export type Departure = Readonly<{
  /** Its place among the calls. */
  number: number;
  sentMs: number;
  tokens: number;
  requestsTaken: number;
  tokensTaken: number;
}>;

/**
 * Everything that says how fast an endpoint may be called: budgets from its headers, limits from the settings, what its
 * refusals taught, and what it asked us to wait. All are asked, and the longest wait counts. Pure: time is passed in.
 */
export class EndpointRates {
  readonly #requests: HeaderBudget;
  readonly #tokens: HeaderBudget;
  readonly #refusals: RefusalRate;
  readonly #fixedRequests: FixedLimit | undefined;
  readonly #fixedTokens: FixedLimit | undefined;

  constructor({ requestsPerMinute, tokensPerMinute }: FixedLimits, nowMs: number, random: () => number) {
    this.#requests = new HeaderBudget(nowMs);
    this.#tokens = new HeaderBudget(nowMs);
    this.#refusals = new RefusalRate(nowMs, random);
    this.#fixedRequests =
      requestsPerMinute === undefined ? undefined : new FixedLimit(requestsPerMinute, nowMs);
    this.#fixedTokens = tokensPerMinute === undefined ? undefined : new FixedLimit(tokensPerMinute, nowMs);
  }

  /** How long a call of about so many tokens has to wait; 0 if it may leave now. */
  waitMs(nowMs: number, tokens: number): number {
    return Math.max(
      this.#refusals.waitMs(nowMs),
      this.#requests.waitMs(nowMs, 1),
      this.#tokens.waitMs(nowMs, tokens),
      this.#fixedRequests?.waitMs(nowMs, 1) ?? 0,
      this.#fixedTokens?.waitMs(nowMs, tokens) ?? 0,
    );
  }

  /** Reserves what the call is expected to use. */
  take(nowMs: number, tokens: number): Departure {
    const number = this.#refusals.take(nowMs);
    this.#requests.take(nowMs, 1);
    this.#tokens.take(nowMs, tokens);
    this.#fixedRequests?.take(nowMs, 1);
    this.#fixedTokens?.take(nowMs, tokens);
    return {
      number,
      sentMs: nowMs,
      tokens,
      requestsTaken: this.#requests.taken,
      tokensTaken: this.#tokens.taken,
    };
  }

  onReading(nowMs: number, { sentMs, requestsTaken, tokensTaken }: Departure, reading: RateReading): void {
    const [requests, tokens] = [this.#requests, this.#tokens];
    if (reading.requests !== undefined)
      requests.read(nowMs, reading.requests, sentMs, requests.taken - requestsTaken);
    if (reading.tokens !== undefined) tokens.read(nowMs, reading.tokens, sentMs, tokens.taken - tokensTaken);
  }

  /** @param used tokens as the server counted them; `undefined` if it does not say. */
  onAnswered(nowMs: number, call: Departure, used: number | undefined): void {
    this.#refusals.onAnswered(nowMs, call);
    this.#settle(nowMs, call.tokens, used ?? call.tokens);
  }

  /** Whether the server is closed for now: it was more than chance. */
  onRefused(nowMs: number, call: Departure, refused: Omit<Refusal, 'call' | 'learn'>): boolean {
    const learn = !this.#requests.isFresh(nowMs) && !this.#tokens.isFresh(nowMs);
    this.#settle(nowMs, call.tokens, 0);
    return this.#refusals.onRefused(nowMs, { ...refused, call, learn });
  }

  /** The call was not made after all. */
  onCancelled(nowMs: number, call: Departure): void {
    const { tokens } = call;
    this.#refusals.cancel(nowMs, call);
    this.#requests.settle(nowMs, 1, 0);
    this.#fixedRequests?.settle(nowMs, 1, 0);
    this.#settle(nowMs, tokens, 0);
  }

  /** How long nothing will leave because of a refusal. */
  silentMs(nowMs: number): number {
    return this.#refusals.silentMs(nowMs);
  }

  get budgets(): readonly EndpointBudgetState[] {
    return [
      ...ofHeader('requests', this.#requests),
      ...ofHeader('tokens', this.#tokens),
      ...ofSetting('requests', this.#fixedRequests),
      ...ofSetting('tokens', this.#fixedTokens),
      ...ofRefusals(this.#refusals),
    ];
  }

  #settle(nowMs: number, reserved: number, used: number): void {
    this.#tokens.settle(nowMs, reserved, used);
    this.#fixedTokens?.settle(nowMs, reserved, used);
  }
}

function ofHeader(unit: EndpointBudgetState['unit'], { state }: HeaderBudget): EndpointBudgetState[] {
  return state.limit === 0 ? [] : [{ unit, source: 'headers', ...state }];
}

function ofSetting(unit: EndpointBudgetState['unit'], limit: FixedLimit | undefined): EndpointBudgetState[] {
  if (limit === undefined) return [];
  const { perMinute } = limit;
  return [{ unit, source: 'settings', limit: perMinute, remaining: undefined, perMinute }];
}

function ofRefusals({ perMinute }: RefusalRate): EndpointBudgetState[] {
  if (perMinute === Number.POSITIVE_INFINITY) return [];
  return [{ unit: 'requests', source: 'refusals', limit: undefined, remaining: undefined, perMinute }];
}
