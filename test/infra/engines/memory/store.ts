import { FreeStore } from '../../../../src/infra/engines/stored/free-store.ts';
import type { Example, Research, Review } from '../../../../src/stages/example.ts';
import type { Decision } from '../../../../src/stages/store/decision.ts';
import { NO_JOURNAL_NOTES } from '../../../../src/stages/store/journal-book.ts';
import { Repositories } from '../../../../src/stages/store/repositories/repositories.ts';
import type { QuestionStore, RunBook, Store } from '../../../../src/stages/store/store.ts';
import { LISTED_SECONDS, type WorkerBook } from '../../../../src/stages/store/worker-book.ts';
import { type Amount, NOTHING } from '../../../../src/streams/budget/amount.ts';
import type { SpendBook } from '../../../../src/streams/budget/spend-book.ts';
import type { StatusMove } from '../../../../src/streams/delivery/question-book.ts';
import type { WorkStore } from '../../../../src/streams/work/work.ts';
import { MemoryReports } from './reports.ts';
import { sidedOf } from './sided.ts';
import { MemoryCleanup, MemoryHeldQuestions } from './upkeep.ts';
import { MemoryOutcomes, MemoryQuestions, MemoryWorks } from './works.ts';
import type { World } from './world.ts';

const plus = (a: Amount, b: Amount): Amount => ({
  tokens: a.tokens + b.tokens,
  costUsd: a.costUsd + b.costUsd,
});

/** A Store in the memory of this process. */
export class MemoryStore extends Repositories implements Store {
  readonly questions: QuestionStore;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: RunBook;
  readonly reports: MemoryReports;
  readonly list: MemoryReports;
  readonly cleanup: MemoryCleanup;
  readonly spending: SpendBook;
  readonly workers: WorkerBook;
  readonly journals = NO_JOURNAL_NOTES;
  readonly #world: World;

  constructor(world: World) {
    const held = new MemoryHeldQuestions(world);
    super(world.tables, { held, sided: async (shadow) => sidedOf(world.tables, shadow) });
    this.#world = world;
    this.questions = new MemoryQuestions(world);
    this.research = new MemoryWorks(world, this.letters);
    this.generations = new MemoryWorks(world, this.letters);
    this.reviews = new MemoryWorks(world, this.letters);
    this.dataset = new MemoryOutcomes(world);
    this.reports = new MemoryReports(world, this.letters);
    this.list = this.reports;
    this.runs = runsOf(this.reports);
    this.verdicts = new FreeStore(this.forgotten);
    this.cleanup = new MemoryCleanup(world, this);
    this.spending = spendingOf(world);
    this.workers = workersOf(world);
  }

  async move({ work, status, waiting }: StatusMove): Promise<void> {
    if (waiting !== undefined) await this.desk.put(work, waiting);
    this.#world.move(work, status);
  }

  async close(): Promise<void> {}
}

function runsOf(reports: MemoryReports): RunBook {
  return {
    open: (run) => reports.open(run),
    counts: (run) => reports.countsOfRun(run),
    countsByTopic: (run) => reports.countsByTopic(run),
    includes: (run, questionId) => reports.includes(run, questionId),
    pending: (run) => reports.pending(run),
    latest: () => reports.latest(),
  };
}

function spendingOf({ spending }: World): SpendBook {
  return {
    put: async (share) => {
      const key = `${share.day}/${share.holder}`;
      if (share.version > (spending.get(key)?.version ?? Number.NEGATIVE_INFINITY)) spending.set(key, share);
    },
    total: async (day) => {
      const shares = [...spending.values()].filter((share) => share.day === day);
      return {
        spent: shares.map(({ spent }) => spent).reduce(plus, NOTHING),
        held: shares.map(({ held }) => held).reduce(plus, NOTHING),
      };
    },
  };
}

function workersOf({ workers }: World): WorkerBook {
  return {
    show: async (worker) =>
      void workers.set(worker.id, { worker: structuredClone(worker), seenMs: Date.now() }),
    remove: async (id) => void workers.delete(id),
    list: async () => {
      const seen = [...workers.values()].map(({ worker, seenMs }) => ({
        worker,
        seenSecondsAgo: (Date.now() - seenMs) / 1_000,
      }));
      const nameOf = ({ worker: { host, id } }: (typeof seen)[number]) => `${host} ${id}`;
      return seen
        .filter(({ seenSecondsAgo }) => seenSecondsAgo <= LISTED_SECONDS)
        .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    },
  };
}
