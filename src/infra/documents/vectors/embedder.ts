import { lastValueFrom } from 'rxjs';
import { type Budget, type Reservation, takenBy } from '../../../streams/budget/budget.ts';
import { asFailure, Failure, NO_USAGE } from '../../../streams/failure.ts';
import type { CallGate } from '../../../streams/limits/call-gate.ts';
import { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import { delayUnless, isStopping } from '../../../streams/stop.ts';
import { NO_RETRIES, retryPolicy } from '../../../streams/work/retry-policy.ts';
import type { EmbeddingServer } from '../../models/openai/embeddings.ts';
import { int8Of } from './int8-vector.ts';
import type { Int8Vector, VectorSpace } from './vector-index.ts';

/** Of which model, and how long: absent where nobody knows yet. */
export type VectorRequest = Readonly<{
  model: string;
  ask?: number | undefined;
  dimensions?: number | undefined;
}>;

export type Embedded = Readonly<{ vectors: readonly Int8Vector[]; tokens: number; costUsd: number | null }>;

export type EmbedderOptions = Readonly<{
  server: EmbeddingServer;
  /** US dollars per million tokens; `undefined` where nobody knows. */
  price: number | undefined;
  mostDimensions: number;
  requestsPerMinute?: number | undefined;
  /** Whether a server that is away is waited for, as long as it takes. Else a call is given up after some tries. */
  patient: boolean;
}>;

/** Calls at once, for chunks and for queries. */
const AT_ONCE = 4;
const CHARACTERS_A_TOKEN = 4;
const TOKENS_A_PRICE = 1_000_000;

/** Makes vectors of texts at one server: under its limits and its circuit, with retries, and on the account of a budget. */
export class Embedder {
  readonly gate: EndpointGate;
  readonly #options: EmbedderOptions;
  readonly #calls: CallGate;
  readonly #stop = new AbortController();
  #budget: Budget | undefined;

  constructor(options: EmbedderOptions) {
    this.#options = options;
    const { server, requestsPerMinute } = options;
    const limits = requestsPerMinute === undefined ? {} : { requestsPerMinute };
    this.gate = new EndpointGate({
      name: `embeddings at ${server.address}`,
      stop: this.#stop.signal,
      limits,
    });
    this.#calls = this.gate.stage('embeddings', AT_ONCE);
  }

  get address(): string {
    return this.#options.server.address;
  }

  /** From now on what is spent counts there. */
  countIn(budget: Budget): void {
    this.#budget = budget;
  }

  /** Ends every wait and every call, with `stopping()`. */
  close(): void {
    this.#stop.abort();
    this.gate.close();
  }

  /**
   * The vectors of the texts, in their order. Rejects with Failures: `budget_spent` where the budget has no room, those of the server
   * once they are not to be waited out, and `stopping()` when it is closed first.
   */
  async embed(texts: readonly string[], asked: VectorRequest): Promise<Embedded> {
    const { patient } = this.#options;
    const policy = retryPolicy(patient ? { maxTransientAttempts: Number.POSITIVE_INFINITY } : {});
    let count = NO_RETRIES;
    let answered = this.#calls.answered;
    for (;;) {
      try {
        return await this.#once(texts, asked, count !== NO_RETRIES);
      } catch (error) {
        const failure = asFailure(error);
        // Nobody sits and waits until somebody has paid a bill.
        if (isStopping(failure) || (!patient && failure.kind === 'outage')) throw failure;
        const othersAnswered = this.#calls.answered > answered;
        answered = this.#calls.answered;
        const decision = policy(failure, count, { circuitClosed: true, othersAnswered });
        if (decision.kind === 'give-up') throw failure;
        count = decision.count;
        await lastValueFrom(delayUnless(this.#stop.signal, decision.delayMs));
      }
    }
  }

  async #once(texts: readonly string[], asked: VectorRequest, again: boolean): Promise<Embedded> {
    const estimate = embeddingTokens(texts.reduce((sum, { length }) => sum + length, 0));
    const signal = this.#stop.signal;
    const reservation = await this.#reserve(texts, asked.model);
    const tokens = { input: estimate, output: 0 };
    try {
      const pass = await this.#calls.enter({ tokens, again, signal });
      const { server, mostDimensions } = this.#options;
      const answer = await server
        .embed({ ...asked, texts, mostDimensions }, signal)
        .catch(async (error: unknown) => {
          const failure = asFailure(error);
          throw (await pass.leave(failure)) ?? failure;
        });
      const used = answer.tokens ?? estimate;
      const usage = { ...NO_USAGE, input: used };
      pass.leave(undefined, usage);
      const costUsd = embeddingCost(used, this.#options.price);
      reservation?.settle({ usage, costUsd: costUsd ?? 0 });
      return { vectors: answer.vectors.map(int8Of), tokens: used, costUsd };
    } catch (error) {
      reservation?.settle(takenBy(asFailure(error)));
      throw error;
    }
  }

  /**
   * What it may cost at most has to fit. Who waits for an answer within another call asks for nothing beforehand: it would wait for room
   * that only its own end can make. A query is small, and counted once it is answered.
   */
  async #reserve(texts: readonly string[], model: string): Promise<Reservation | undefined> {
    const budget = this.#budget;
    if (budget === undefined) return undefined;
    if (this.#options.patient) return budget.reserve('embeddings', { costUsd: 0 });
    const inputBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    for (;;) {
      const size = { model, inputBytes, maxOutputTokens: 0, long: false };
      const reservation = await budget.reserve('embeddings', size);
      if (reservation !== undefined) return reservation;
      if (budget.state.kind === 'spent') throw new Failure('fatal', 'budget_spent', 'The budget is spent.');
      await budget.room(this.#stop.signal);
    }
  }
}

/** About how many tokens so many characters are. */
export function embeddingTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_A_TOKEN);
}

/** What they cost in US dollars, by a price per million; `null` where nobody knows it. */
export function embeddingCost(tokens: number, price: number | undefined): number | null {
  return price === undefined ? null : (tokens * price) / TOKENS_A_PRICE;
}

/** What a space asks its server for. */
export function vectorRequestOf({ model, dimensions, asked }: VectorSpace): VectorRequest {
  return { model, dimensions, ...(asked ? { ask: dimensions } : {}) };
}
