import type { Fault } from './scripted-llm-script.ts';

/** What became of the calls for one work: one stage's question with exactly these messages. */
export type WorkCalls = {
  started: number;
  /** Answered, with whatever. */
  finished: number;
  /** Answered with a whole, valid answer. Twice is paid twice. */
  answered: number;
  /** Latency of each call, in ms. */
  delaysMs: number[];
};

export type CallCounts = {
  started: number;
  finished: number;
  answered: number;
  /** The caller went away before the answer was sent. */
  abandoned: number;
  inFlight: number;
  maxInFlight: number;
  bySchema: Record<string, { started: number; finished: number; answered: number }>;
  faults: Partial<Record<Fault, number>>;
};

/** Counts calls, all together and per work. A key is `review|<question>|<hash of the messages>`. */
export class CallLog {
  readonly works = new Map<string, WorkCalls>();
  readonly counts: CallCounts = {
    started: 0,
    finished: 0,
    answered: 0,
    abandoned: 0,
    inFlight: 0,
    maxInFlight: 0,
    bySchema: {},
    faults: {},
  };

  start(schema: string, key: string): WorkCalls {
    const work = this.works.get(key) ?? { started: 0, finished: 0, answered: 0, delaysMs: [] };
    this.works.set(key, work);
    work.started += 1;
    this.#bySchema(schema).started += 1;
    this.counts.started += 1;
    this.counts.inFlight += 1;
    this.counts.maxInFlight = Math.max(this.counts.maxInFlight, this.counts.inFlight);
    return work;
  }

  fault(fault: Fault): void {
    this.counts.faults[fault] = (this.counts.faults[fault] ?? 0) + 1;
  }

  end(schema: string, work: WorkCalls, how: 'answered' | 'spoilt' | 'abandoned'): void {
    this.counts.inFlight -= 1;
    if (how === 'abandoned') {
      this.counts.abandoned += 1;
      return;
    }
    for (const each of [this.counts, this.#bySchema(schema), work]) {
      each.finished += 1;
      if (how === 'answered') each.answered += 1;
    }
  }

  /** The works that got more than one whole answer. */
  paidTwice(): string[] {
    return [...this.works].filter(([, { answered }]) => answered > 1).map(([key]) => key);
  }

  #bySchema(schema: string): { started: number; finished: number; answered: number } {
    const known = this.counts.bySchema[schema];
    if (known !== undefined) return known;
    const fresh = { started: 0, finished: 0, answered: 0 };
    this.counts.bySchema[schema] = fresh;
    return fresh;
  }
}
