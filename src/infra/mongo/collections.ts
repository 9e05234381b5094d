import type { Collection, Db, Document, IndexSpecification } from 'mongodb';
import type {
  DeadLetterDocument,
  LaneDocument,
  OutcomeDocument,
  QuestionDocument,
  RunDocument,
  SubmissionDocument,
  WorkDocument,
} from './documents.ts';

export type Collections = Readonly<{
  questions: Collection<QuestionDocument>;
  submissions: Collection<SubmissionDocument>;
  research: Collection<WorkDocument>;
  generations: Collection<WorkDocument>;
  reviews: Collection<WorkDocument>;
  dataset: Collection<OutcomeDocument>;
  rejections: Collection<OutcomeDocument>;
  runs: Collection<RunDocument>;
  lanes: Collection<LaneDocument>;
  deadLetters: Collection<DeadLetterDocument>;
}>;

export function collectionsOf(db: Db): Collections {
  return {
    questions: db.collection('questions'),
    submissions: db.collection('submissions'),
    research: db.collection('research'),
    generations: db.collection('generations'),
    reviews: db.collection('reviews'),
    dataset: db.collection('dataset'),
    rejections: db.collection('rejections'),
    runs: db.collection('runs'),
    lanes: db.collection('lanes'),
    deadLetters: db.collection('dead_letters'),
  };
}

const WORK_INDEXES: readonly IndexSpecification[] = [
  { questionId: 1, lane: 1 },
  { lane: 1, state: 1, recipe: 1 },
];

/** The indexes of each collection, beside `_id`. Listed in docs/operations.md. */
export const INDEXES: Readonly<Record<keyof Collections, readonly IndexSpecification[]>> = {
  questions: [{ lane: 1, status: 1 }, { questionId: 1 }, { lane: 1, endedAt: 1 }],
  submissions: [
    { run: 1, status: 1 },
    { run: 1, position: 1 },
    { questionId: 1, lane: 1 },
  ],
  research: WORK_INDEXES,
  generations: WORK_INDEXES,
  reviews: WORK_INDEXES,
  dataset: [{ lane: 1, updatedAt: 1 }],
  rejections: [{ lane: 1, updatedAt: 1 }],
  runs: [{ startedAt: 1 }],
  lanes: [],
  deadLetters: [{ state: 1, at: 1 }],
};

const WORK_VALIDATOR: Document = {
  bsonType: 'object',
  required: ['_id', 'lane', 'questionId', 'revision', 'state', 'token', 'drive'],
  properties: {
    state: { enum: ['claimed', 'done', 'dead'] },
    token: { bsonType: 'string' },
    revision: { bsonType: 'number', minimum: 0 },
  },
};

const QUESTION_VALIDATOR: Document = {
  bsonType: 'object',
  required: ['_id', 'lane', 'questionId', 'question', 'status', 'rank'],
  properties: { status: { bsonType: 'string' }, rank: { bsonType: 'number' } },
};

const VALIDATORS: Readonly<Partial<Record<keyof Collections, Document>>> = {
  questions: QUESTION_VALIDATOR,
  research: WORK_VALIDATOR,
  generations: WORK_VALIDATOR,
  reviews: WORK_VALIDATOR,
};

const NAMESPACE_EXISTS = 48;

/** Makes collections, validators and indexes that are missing. Safe to run in many processes at once. */
export async function prepareCollections(db: Db): Promise<void> {
  const collections = collectionsOf(db);
  await prepare(db, collections.questions.collectionName, INDEXES.questions, VALIDATORS.questions);
  await prepare(db, collections.submissions.collectionName, INDEXES.submissions);
  for (const stage of ['research', 'generations', 'reviews'] as const)
    await prepare(db, collections[stage].collectionName, INDEXES[stage], VALIDATORS[stage]);
  for (const end of ['dataset', 'rejections', 'runs', 'lanes', 'deadLetters'] as const)
    await prepare(db, collections[end].collectionName, INDEXES[end]);
}

async function prepare(
  db: Db,
  name: string,
  indexes: readonly IndexSpecification[],
  validator?: Document,
): Promise<void> {
  await db.createCollection(name).catch((error: { code?: unknown }) => {
    if (error.code !== NAMESPACE_EXISTS) throw error;
  });
  if (validator !== undefined) {
    const schema = { validator: { $jsonSchema: validator } };
    await db.command({ collMod: name, ...schema, validationLevel: 'strict', validationAction: 'error' });
  }
  for (const index of indexes) await db.collection(name).createIndex(index);
}
