import type { Collection, Db } from 'mongodb';
import { type AgentStage, keptBy } from '../../../stages/table.ts';
import { Counting } from './counts/counting.ts';
import type {
  CounterDocument,
  ForgottenDocument,
  LaneDocument,
  OutcomeDocument,
  QuestionDocument,
  SubmissionDocument,
  WorkDocument,
} from './documents.ts';
import type { Stored } from './table/changes.ts';

export type Collections = ReturnType<typeof collectionsOf>;

export function collectionsOf(db: Db) {
  return {
    questions: db.collection<QuestionDocument>('questions'),
    submissions: db.collection<SubmissionDocument>('submissions'),
    research: db.collection<WorkDocument>('research'),
    generations: db.collection<WorkDocument>('generations'),
    reviews: db.collection<WorkDocument>('reviews'),
    /** Those of all stages that plugins brought. */
    works: db.collection<WorkDocument>('works'),
    dataset: db.collection<OutcomeDocument>('dataset'),
    rejections: db.collection<OutcomeDocument>('rejections'),
    retractions: db.collection<OutcomeDocument>('retractions'),
    desk: db.collection<Stored>('desk'),
    decisions: db.collection<Stored>('decisions'),
    shadowVerdicts: db.collection<Stored>('shadow_verdicts'),
    evidenceUses: db.collection<Stored>('evidence_uses'),
    lanes: db.collection<LaneDocument>('lanes'),
    deadLetters: db.collection<Stored>('dead_letters'),
    forgotten: db.collection<ForgottenDocument>('forgotten'),
    counters: db.collection<CounterDocument>('counters'),
    /** Over these collections, but for `works`. */
    counting: new Counting(db),
    /** Over `works`. */
    countingAdded: new Counting(db, ['works']),
  } as const;
}

/** Works of one stage: where they stand and, where those of others stand there too, what tells them apart. */
export type StageWorks = Readonly<{ works: Collection<WorkDocument>; stage?: string }>;

export function stageWorksOf(collections: Collections, stage: AgentStage): StageWorks {
  const kept = keptBy(stage);
  return kept === 'works' ? { works: collections.works, stage } : { works: collections[kept] };
}

export function allWorks({
  research,
  generations,
  reviews,
  works,
}: Collections): readonly Collection<WorkDocument>[] {
  return [research, generations, reviews, works];
}

/** What counts the works of a collection: those of plugins came later, and have an epoch of their own. */
export function countingOf(collections: Collections, { collectionName }: Collection<WorkDocument>): Counting {
  return collectionName === collections.works.collectionName
    ? collections.countingAdded
    : collections.counting;
}
