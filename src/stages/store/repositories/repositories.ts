import type { DeadLetter } from '../../../streams/delivery/dead-letter.ts';
import type { WorkStore } from '../../../streams/work/work.ts';
import type { Erasure } from '../forgotten.ts';
import type { JournalRepository } from '../journal-repository.ts';
import type { Tables } from '../table/table.ts';
import { DatasetVersions } from './dataset-versions.ts';
import { DeadLetters } from './dead-letters.ts';
import { EvidenceUses } from './evidence-uses.ts';
import { Forgotten } from './forgotten.ts';
import { Journals } from './journals.ts';
import { Lanes } from './lanes.ts';
import { LookUps } from './look-ups.ts';
import { Pauses } from './pauses.ts';
import { Replays } from './replays.ts';
import { ReviewQueue } from './review-queue.ts';
import { ShadowVerdicts } from './shadow-verdicts.ts';
import { Spending } from './spending.ts';
import { Workers } from './workers.ts';

/** What of a store is written on its tables, whatever the engine. */
export abstract class Repositories {
  readonly deadLetters: DeadLetters;
  readonly lanes: Lanes;
  readonly replays: Replays;
  readonly versions: DatasetVersions;
  readonly pauses: Pauses;
  readonly reviewQueue: ReviewQueue;
  readonly shadows: ShadowVerdicts;
  readonly forgotten: Forgotten;
  readonly evidence: EvidenceUses;
  readonly lookUps: LookUps;
  readonly spending: Spending;
  readonly workers: Workers;
  readonly journals: JournalRepository;
  readonly #works = new Map<string, WorkStore<unknown>>();
  /** Makes the store of a stage that a plugin brought. */
  protected abstract readonly newWorks: (stage: string) => WorkStore<unknown>;

  constructor(tables: Tables, erasure: Erasure) {
    this.forgotten = new Forgotten(tables, erasure);
    this.evidence = new EvidenceUses(tables);
    this.lookUps = new LookUps(tables);
    this.deadLetters = new DeadLetters(tables);
    this.lanes = new Lanes(tables);
    this.replays = new Replays(tables);
    this.versions = new DatasetVersions(tables);
    this.pauses = new Pauses(tables);
    this.spending = new Spending(tables);
    this.workers = new Workers(tables);
    this.journals = new Journals(tables);
    this.reviewQueue = new ReviewQueue(tables);
    this.shadows = new ShadowVerdicts(tables, this.lanes);
  }

  works(stage: string): WorkStore<unknown> {
    const works = this.#works.get(stage) ?? this.newWorks(stage);
    this.#works.set(stage, works);
    return works;
  }

  putDeadLetter(deadLetter: DeadLetter): Promise<void> {
    return this.deadLetters.put(deadLetter);
  }

  closeDeadLetter(id: string): Promise<void> {
    return this.deadLetters.close(id);
  }
}
