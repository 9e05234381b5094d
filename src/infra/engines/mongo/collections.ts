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
import type { RowCollection } from './table/changes.ts';

export type Collections = Readonly<{
  questions: Collection<QuestionDocument>;
  submissions: Collection<SubmissionDocument>;
  research: Collection<WorkDocument>;
  generations: Collection<WorkDocument>;
  reviews: Collection<WorkDocument>;
  /** Those of all stages that plugins brought. */
  works: Collection<WorkDocument>;
  dataset: Collection<OutcomeDocument>;
  rejections: Collection<OutcomeDocument>;
  retractions: Collection<OutcomeDocument>;
  desk: RowCollection;
  decisions: RowCollection;
  shadowVerdicts: RowCollection;
  evidenceUses: RowCollection;
  lanes: Collection<LaneDocument>;
  deadLetters: RowCollection;
  forgotten: Collection<ForgottenDocument>;
  counters: Collection<CounterDocument>;
  /** Over these collections, but for `works`. */
  counting: Counting;
  /** Over `works`. */
  countingAdded: Counting;
}>;

export function collectionsOf(db: Db): Collections {
  return {
    questions: db.collection('questions'),
    submissions: db.collection('submissions'),
    research: db.collection('research'),
    generations: db.collection('generations'),
    reviews: db.collection('reviews'),
    works: db.collection('works'),
    dataset: db.collection('dataset'),
    rejections: db.collection('rejections'),
    retractions: db.collection('retractions'),
    desk: db.collection('desk'),
    decisions: db.collection('decisions'),
    shadowVerdicts: db.collection('shadow_verdicts'),
    evidenceUses: db.collection('evidence_uses'),
    lanes: db.collection('lanes'),
    deadLetters: db.collection('dead_letters'),
    forgotten: db.collection('forgotten'),
    counters: db.collection('counters'),
    counting: new Counting(db),
    countingAdded: new Counting(db, ['works']),
  };
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
