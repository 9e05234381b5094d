import type { Document, IndexDescription } from 'mongodb';

export type CollectionSpec = Readonly<{
  /** Beside the one on `_id`. */
  indexes: readonly IndexDescription[];
  /** A second net under our own checks: https://www.mongodb.com/docs/manual/core/schema-validation/. */
  validator?: Document;
  /** The name of an index that an older version made, and that nothing uses any more. */
  givenUp?: string;
}>;

/** What `progress` sums up stands in the index: it reads no document. What the counters know stands together, and is passed over. */
const TOTALS: IndexDescription = {
  name: 'totals',
  key: {
    counted: 1,
    lane: 1,
    state: 1,
    recipe: 1,
    'spent.failed': 1,
    'spent.input': 1,
    'spent.output': 1,
    'spent.cached': 1,
    'spent.reasoning': 1,
    'spent.costUsd': 1,
    'spent.unpriced': 1,
    updatedAt: 1,
  },
};

/** The same where works of several stages stand together. */
const TOTALS_BY_STAGE: IndexDescription = {
  ...TOTALS,
  key: { counted: 1, lane: 1, stage: 1, ...TOTALS.key },
};

const WORK: CollectionSpec = {
  indexes: [TOTALS],
  validator: {
    bsonType: 'object',
    required: ['_id', 'lane', 'questionId', 'revision', 'state', 'token', 'drive', 'attempts', 'spent'],
    properties: {
      _id: { bsonType: 'string' },
      state: { enum: ['claimed', 'done', 'dead'] },
      token: { bsonType: 'string' },
      revision: { bsonType: 'number', minimum: 0 },
      drive: { bsonType: 'number', minimum: 0 },
      attempts: { bsonType: 'array' },
      result: { bsonType: ['string', 'null'] },
    },
  },
};

/**
 * Keeps 0.1.0 out, which knows no version of a store: its start wants an index of this name with another key, is refused by
 * MongoDB, and shows the key that stands there. It holds nothing. See docs/decisions/0082.
 */
const KEEPS_OUT_0_1_0: IndexDescription = {
  name: 'ended',
  key: { 'this database is of Millrace 0.2.0 or newer: update Millrace': 1 },
  sparse: true,
};

const QUESTIONS: CollectionSpec = {
  indexes: [
    { name: 'lane_uncounted', key: { status: 1, counted: 1, lane: 1, updatedAt: 1 } },
    { name: 'run_counts', key: { runs: 1, status: 1 } },
    { name: 'run_topics', key: { runs: 1, topic: 1, subTopic: 1, status: 1 } },
    { name: 'by_question', key: { questionId: 1, addedAt: -1 } },
    KEEPS_OUT_0_1_0,
    { name: 'lane_ends', key: { lane: 1, endedAt: 1 } },
    { name: 'newest_first', key: { lane: 1, addedAt: -1, _id: -1 } },
  ],
  // 0.1.0 would be refused for this one first, without the words of the other.
  givenUp: 'lane_counts',
  validator: {
    bsonType: 'object',
    required: ['_id', 'lane', 'questionId', 'question', 'runs', 'status', 'rank'],
    properties: {
      question: { bsonType: 'string' },
      runs: { bsonType: 'array' },
      status: { bsonType: 'string' },
      rank: { bsonType: 'number', minimum: 0 },
    },
  },
};

const OUTCOMES: CollectionSpec = { indexes: [{ name: 'arrival', key: { lane: 1, arrivedAt: 1, _id: 1 } }] };

/** Every collection by its name, `questions` first: it is what keeps 0.1.0 out. `docs/mongodb.md` lists the same. */
export const COLLECTION_SPECS: Readonly<Record<string, CollectionSpec>> = {
  questions: QUESTIONS,
  submissions: {
    indexes: [
      { name: 'input_order', key: { run: 1, position: 1 } },
      { name: 'asked', key: { questionId: 1, run: 1, position: 1 } },
      {
        ...{ name: 'by_user_id', key: { id: 1, questionId: 1 } },
        // Most questions have none.
        partialFilterExpression: { id: { $gt: '' } },
      },
    ],
  },
  research: WORK,
  generations: WORK,
  reviews: WORK,
  works: { ...WORK, indexes: [TOTALS_BY_STAGE] },
  dataset: OUTCOMES,
  rejections: OUTCOMES,
  retractions: { indexes: [] },
  desk: {
    indexes: [
      { name: 'oldest_first', key: { lane: 1, state: 1, heldAt: 1, _id: 1 } },
      { name: 'in_hand', key: { token: 1 }, sparse: true },
      { name: 'by_reviewer', key: { lane: 1, state: 1, reviewer: 1, heldAt: 1, _id: 1 } },
      { name: 'by_question', key: { questionId: 1 } },
    ],
  },
  decisions: {
    indexes: [
      { name: 'newest_first', key: { lane: 1, at: -1, _id: -1 } },
      { name: 'by_question', key: { questionId: 1 } },
    ],
  },
  shadow_verdicts: {
    indexes: [
      { name: 'counts', key: { shadow: 1, day: 1, live: 1, verdict: 1, difference: 1 } },
      { name: 'newest_first', key: { shadow: 1, agrees: 1, at: -1, _id: -1 } },
      { name: 'by_question', key: { questionId: 1 } },
    ],
  },
  evidence_uses: {
    indexes: [
      { name: 'by_question', key: { questionId: 1 } },
      { name: 'of_lane', key: { lane: 1 } },
    ],
  },
  forgotten_sources: { indexes: [] },
  look_ups: { indexes: [{ name: 'until', key: { until: 1 } }] },
  look_up_sources: { indexes: [] },
  runs: {
    indexes: [
      { name: 'latest', key: { startedAt: -1, _id: -1 } },
      { name: 'of_lane', key: { lane: 1 } },
    ],
  },
  lanes: { indexes: [] },
  store: { indexes: [] },
  forgotten: {
    indexes: [{ name: 'unfinished', key: { finished: 1 }, partialFilterExpression: { finished: false } }],
  },
  replays: { indexes: [] },
  pauses: { indexes: [] },
  dataset_versions: { indexes: [{ name: 'oldest_first', key: { createdAt: 1, _id: 1 } }] },
  spending: { indexes: [{ name: 'by_day', key: { day: 1 } }] },
  workers: { indexes: [{ name: 'gone', key: { seenAt: 1 }, expireAfterSeconds: 3_600 }] },
  journals: { indexes: [] },
  counters: { indexes: [] },
  sources: { indexes: [] },
  documents: { indexes: [{ name: 'by_path', key: { source: 1, path: 1 } }] },
  chunks: {
    indexes: [
      { name: 'by_word', key: { words: 1, number: 1 } },
      { name: 'by_number', key: { number: 1 } },
    ],
    givenUp: 'words',
  },
  vector_spaces: { indexes: [] },
  places: {
    indexes: [
      { name: 'of_document', key: { document: 1, n: 1 } },
      { name: 'of_chunk', key: { chunk: 1, document: 1, n: 1 } },
      { name: 'of_source', key: { source: 1, chunk: 1 } },
    ],
  },
  dead_letters: {
    indexes: [
      { name: 'oldest_first', key: { state: 1, at: 1, _id: 1 } },
      { name: 'redriven', key: { by: 1, state: 1 }, sparse: true },
      { name: 'by_key', key: { key: 1 } },
      { name: 'by_question', key: { 'work.questionId': 1 } },
    ],
  },
};
