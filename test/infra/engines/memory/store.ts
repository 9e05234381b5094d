import { EvidenceStore } from '../../../../src/infra/engines/stored/evidence-store.ts';
import { PassThroughStore } from '../../../../src/infra/engines/stored/pass-through-store.ts';
import type { Example, Research, Review } from '../../../../src/stages/example.ts';
import type { Decision } from '../../../../src/stages/store/decision.ts';
import { NewestFirst } from '../../../../src/stages/store/repositories/reports/newest-first.ts';
import { Repositories } from '../../../../src/stages/store/repositories/repositories.ts';
import type { Store } from '../../../../src/stages/store/store.ts';
import type { StatusMove } from '../../../../src/streams/delivery/status-repository.ts';
import type { WorkStore } from '../../../../src/streams/work/work.ts';
import { MemoryOutcomes } from './outcomes.ts';
import { MemoryQuestions } from './questions.ts';
import { MemoryReports, MemoryRuns } from './reports.ts';
import type { MemoryTables } from './tables.ts';
import { MemoryCleanup } from './upkeep.ts';
import { MemoryWorks } from './works.ts';

/** A Store in the memory of this process. */
export class MemoryStore extends Repositories implements Store {
  readonly questions: MemoryQuestions;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: MemoryRuns;
  readonly reports: MemoryReports;
  readonly list: NewestFirst;
  readonly cleanup: MemoryCleanup;
  protected readonly newWorks: () => WorkStore<unknown>;

  constructor(tables: MemoryTables) {
    // Counts are sums over what stands.
    super(tables, {
      erase: (removals) => Promise.all(removals.map((removal) => tables.write([removal]))),
      shred: async () => 'later',
    });
    this.questions = new MemoryQuestions(tables);
    this.cleanup = new MemoryCleanup(tables, this);
    const researched = new MemoryWorks<Research>(tables, 'research', this.deadLetters);
    this.research = new EvidenceStore(researched, this.evidence, this.cleanup);
    this.generations = new MemoryWorks(tables, 'generations', this.deadLetters);
    this.reviews = new MemoryWorks(tables, 'reviews', this.deadLetters);
    this.newWorks = () => new MemoryWorks(tables, 'works', this.deadLetters);
    this.dataset = new MemoryOutcomes(tables);
    this.reports = new MemoryReports(tables, this.deadLetters);
    this.list = new NewestFirst(tables);
    this.runs = new MemoryRuns(tables);
    this.verdicts = new PassThroughStore(this.forgotten);
  }

  async move({ work, status, waiting }: StatusMove): Promise<void> {
    if (waiting !== undefined) await this.reviewQueue.put(work, waiting);
    await this.questions.move(work, status);
  }

  async close(): Promise<void> {}
}
