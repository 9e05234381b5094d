import { EvidenceStore } from '../../../../src/infra/engines/stored/evidence-store.ts';
import { FreeStore } from '../../../../src/infra/engines/stored/free-store.ts';
import type { Example, Research, Review } from '../../../../src/stages/example.ts';
import type { Decision } from '../../../../src/stages/store/decision.ts';
import type { JournalRepository } from '../../../../src/stages/store/journal-repository.ts';
import { Journals } from '../../../../src/stages/store/repositories/journals.ts';
import { Repositories } from '../../../../src/stages/store/repositories/repositories.ts';
import { Runs } from '../../../../src/stages/store/repositories/runs.ts';
import type {
  QuestionStore,
  RunRepository,
  StatusCounts,
  Store,
  TopicCounts,
} from '../../../../src/stages/store/store.ts';
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
  readonly journals: JournalRepository;
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
    this.journals = new Journals(world.tables);
    this.runs = new MemoryRuns(world, this.reports);
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

class MemoryRuns extends Runs implements RunRepository {
  readonly #reports: MemoryReports;

  constructor(world: World, reports: MemoryReports) {
    super(world.tables);
    this.#reports = reports;
  }

  counts(run: string): Promise<StatusCounts> {
    return this.#reports.countsOfRun(run);
  }

  countsByTopic(run: string): Promise<readonly TopicCounts[]> {
    return this.#reports.countsByTopic(run);
  }
}
