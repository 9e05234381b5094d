import type { AgentStage } from '../../../../stages/stage-names.ts';
import type { DeadLetters } from '../../../../stages/store/repositories/dead-letters.ts';
import { QuestionReports } from '../../../../stages/store/repositories/reports/question-reports.ts';
import type { StageTally, StatusCounts } from '../../../../stages/store/store.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import { type Collections, stageWorksOf } from '../collections.ts';
import { countLane } from '../counts/question-counts.ts';
import { doneByRecipe, stageTallyOf } from '../counts/work-sums.ts';
import { operation } from '../operation.ts';

/** Ends that are looked at for one that was an approval. */
const ENDS_PER_APPROVAL = 4;
const MINUTE_MS = 60_000;

/** What people ask about. */
export class MongoReports extends QuestionReports {
  readonly #collections: Collections;

  constructor(tables: Tables, deadLetters: DeadLetters, collections: Collections) {
    super(tables, deadLetters);
    this.#collections = collections;
  }

  protected tally(lane: LaneName, stage: AgentStage): Promise<StageTally> {
    return operation('counting works', () =>
      stageTallyOf(this.#collections, stageWorksOf(this.#collections, stage), lane),
    );
  }

  /** From an index alone: a question that goes on has no end here, so that its status need not be looked at. */
  protected override endedLastMinute(lane: LaneName): Promise<number> {
    const endedAt = { $gte: new Date(Date.now() - MINUTE_MS) };
    return operation('counting ends', () => this.#collections.questions.countDocuments({ lane, endedAt }));
  }

  counts(lane: LaneName): Promise<StatusCounts> {
    return operation('counting a lane', () => countLane(this.#collections, lane));
  }

  /** The index knows the last ends, whatever they were: so many of them are looked at that some were approvals. */
  async approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]> {
    const projection = { status: 1, addedAt: 1, endedAt: 1 } as const;
    const found = await operation('reading times of approval', () =>
      this.#collections.questions
        .find({ lane, endedAt: { $ne: null } }, { projection })
        .sort({ endedAt: -1 })
        .limit(ENDS_PER_APPROVAL * most)
        .toArray(),
    );
    const approved = found.filter(({ status }) => status === 'approved').slice(0, most);
    return approved.map(({ addedAt, endedAt }) =>
      Math.max(0, (endedAt ?? addedAt).getTime() - addedAt.getTime()),
    );
  }

  recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    return operation('counting recipes', () =>
      doneByRecipe(this.#collections, stageWorksOf(this.#collections, stage), lane),
    );
  }
}
