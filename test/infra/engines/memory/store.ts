import { EvidenceStore } from '../../../../src/infra/engines/stored/evidence-store.ts';
import { FreeStore } from '../../../../src/infra/engines/stored/free-store.ts';
import type { Example, Research, Review } from '../../../../src/stages/example.ts';
import type { Decision } from '../../../../src/stages/store/decision.ts';
import { NO_JOURNAL_NOTES } from '../../../../src/stages/store/journal-repository.ts';
import { Repositories } from '../../../../src/stages/store/repositories/repositories.ts';
import type { QuestionStore, RunRepository, Store } from '../../../../src/stages/store/store.ts';
import type { StatusMove } from '../../../../src/streams/delivery/status-repository.ts';
import type { WorkStore } from '../../../../src/streams/work/work.ts';
import { agreementWithPeopleOf } from './agreement-with-people.ts';
import { MemoryReports } from './reports.ts';
import { MemoryCleanup, MemoryHeldQuestions } from './upkeep.ts';
import { MemoryOutcomes, MemoryQuestions, MemoryWorks } from './works.ts';
import type { World } from './world.ts';

/** A Store in the memory of this process. */
export class MemoryStore extends Repositories implements Store {
  readonly questions: QuestionStore;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: RunRepository;
  readonly reports: MemoryReports;
  readonly list: MemoryReports;
  readonly cleanup: MemoryCleanup;
  readonly journals = NO_JOURNAL_NOTES;
  readonly #works = new Map<string, WorkStore<unknown>>();
  readonly #world: World;

  constructor(world: World) {
    const held = new MemoryHeldQuestions(world);
    super(world.tables, {
      held,
      agreementWithPeople: async (shadow) => agreementWithPeopleOf(world.tables, shadow),
    });
    this.#world = world;
    this.questions = new MemoryQuestions(world);
    this.cleanup = new MemoryCleanup(world, this);
    this.research = new EvidenceStore(new MemoryWorks(world, this.deadLetters), this.evidence, this.cleanup);
    this.generations = new MemoryWorks(world, this.deadLetters);
    this.reviews = new MemoryWorks(world, this.deadLetters);
    this.dataset = new MemoryOutcomes(world);
    this.reports = new MemoryReports(world, this.deadLetters);
    this.list = this.reports;
    this.runs = runsOf(this.reports);
    this.verdicts = new FreeStore(this.forgotten);
  }

  works(stage: string): WorkStore<unknown> {
    const works = this.#works.get(stage) ?? new MemoryWorks<unknown>(this.#world, this.deadLetters);
    this.#works.set(stage, works);
    return works;
  }

  async move({ work, status, waiting }: StatusMove): Promise<void> {
    if (waiting !== undefined) await this.reviewQueue.put(work, waiting);
    this.#world.move(work, status);
  }

  async close(): Promise<void> {}
}

function runsOf(reports: MemoryReports): RunRepository {
  return {
    open: (run) => reports.open(run),
    counts: (run) => reports.countsOfRun(run),
    countsByTopic: (run) => reports.countsByTopic(run),
    includes: (run, questionId) => reports.includes(run, questionId),
    pending: (run) => reports.pending(run),
    latest: () => reports.latest(),
  };
}
