import type { Explained } from './command-plans.ts';

/** `shape`: only of commands like this one. */
export type ByRight = Readonly<{ collection: string; step: RegExp; shape?: RegExp; why: string }>;

const OF_A_QUESTION = 'one question has few of them';
const OF_A_LANE = 'a lane that is deleted';
const UNCOUNTED = 'what the counters do not know yet: they are brought up to date behind the work';
const NO_COUNTERS = 'a single server has no counters, for want of transactions';
const OF_A_RUN = 'the questions of a run: it is as large as its user made it';
const PEOPLE = 'people make them, one at a time';
/** A range of ids, sorted by what stands at their end. */
const RANGE_OF_IDS = /"_id":\{"\$gte":"…","\$lt":"…"\}\}/;

/** Commands that read or sort more than an index gives at once, and why they may. */
const BY_RIGHT: readonly ByRight[] = [
  ...['decisions', 'shadow_verdicts'].map((collection) => ({
    ...{ collection, shape: RANGE_OF_IDS, step: /^SORT$/, why: OF_A_QUESTION },
  })),
  ...['research', 'generations', 'reviews', 'works'].map((collection) => ({
    ...{ collection, step: /^IXSCAN totals \(counted, lane(, stage)?\)$/, why: UNCOUNTED },
  })),
  ...['research', 'generations', 'reviews'].map((collection) => ({
    ...{ collection, step: /^IXSCAN totals \(\)$/, why: NO_COUNTERS },
  })),
  {
    ...{ collection: 'questions', step: /^IXSCAN lane_uncounted \(status, counted, lane\)$/ },
    why: UNCOUNTED,
  },
  {
    ...{ collection: 'questions', step: /^IXSCAN lane_uncounted \(status, lane\)$/ },
    ...{
      shape: /^\[\{"aggregate".*"\$match":\{"lane":"…","status":\{"\$in":"\[…\]"\}\}\}/,
      why: NO_COUNTERS,
    },
  },
  { collection: 'questions', step: /^IXSCAN run_(counts|topics) \(runs\)$/, why: OF_A_RUN },
  {
    ...{ collection: 'submissions', step: /^IXSCAN input_order \(run\)$/ },
    ...{
      shape: /"\$group":\{"_id":\{"questionId"/,
      why: '`forget --run` looks at each of its questions once',
    },
  },
  {
    ...{ collection: 'submissions', step: /^IXSCAN input_order \(run\)$/ },
    ...{ shape: /"\$match":\{"run":"…","lane":"…"\}/, why: OF_A_LANE },
  },
  { collection: 'runs', step: /^IXSCAN of_lane \(lane\)$/, why: OF_A_LANE },
  {
    ...{ collection: 'questions', shape: /"\$match":\{"topic"/, step: /^COLLSCAN$/ },
    why: '`forget --topic` looks at every question once',
  },
  {
    ...{ collection: 'forgotten', shape: /"\$match":\{\}/, step: /^COLLSCAN$/ },
    why: 'one, whichever comes first',
  },
  {
    ...{ collection: 'forgotten', step: /^IXSCAN unfinished \(finished\)$/ },
    why: 'the index has nothing else',
  },
  {
    ...{ collection: 'forgotten_sources', step: /^COLLSCAN$/ },
    why: 'people forget sources, one at a time',
  },
  {
    ...{ collection: 'evidence_uses', shape: /"\$match":\{"cited"/, step: /^IXSCAN _id_ \(\)$/ },
    why: 'what rests on any source: a page at a time',
  },
  {
    ...{
      collection: 'dead_letters',
      shape: /"work\.questionId":\{"\$gte"/,
      step: /^SORT$|^IXSCAN _id_ \(_id\)$/,
    },
    why: 'the dead letters whose id begins so',
  },
  {
    ...{
      collection: 'dead_letters',
      shape: /"\$match":\{"_id":/,
      step: /^IXSCAN (_id_ \(_id\)|oldest_first \(state\))$/,
    },
    why: '`gc` looks once for what is open in a lane that it may delete',
  },
  {
    ...{ collection: 'dead_letters', shape: /"\$group"/, step: /^IXSCAN oldest_first \(state\)$/ },
    why: 'all open dead letters are counted, also by class',
  },
  {
    ...{
      collection: 'dead_letters',
      shape: /"\$match":\{"state".*"\$limit"/,
      step: /^IXSCAN oldest_first \(state\)$/,
    },
    why: 'dead letters of a kind are looked for among all, in the order of their deaths, a page at a time',
  },
  {
    ...{ collection: 'desk', step: /^IXSCAN oldest_first \(lane, state\)$/ },
    why: 'what waits for people, the first that is free',
  },
  { collection: 'decisions', step: /^IXSCAN newest_first \(lane\)$/, why: PEOPLE },
  {
    ...{ collection: 'shadow_verdicts', step: /^IXSCAN counts \(shadow, day\)$/ },
    why: 'how a judge fell, counted from an index',
  },
  {
    ...{ collection: 'spending', step: /^IXSCAN by_day \(day\)$/ },
    why: 'as many as processes were at work on that day',
  },
  {
    ...{ collection: 'chunks', shape: /"placed":/, step: /^COLLSCAN$/ },
    why: 'after a kill, chunks that stand nowhere are looked for once',
  },
  {
    ...{
      collection: 'chunks',
      shape: /"aggregate":"chunks"\},\[\{"\$match":\{"vectors\./,
      step: /^COLLSCAN$/,
    },
    why: 'chunks without a vector are counted once, before they are embedded',
  },
  {
    ...{ collection: 'chunks', shape: /"find":"chunks"\},\{"_id":\{"\$gt"/, step: /^IXSCAN _id_ \(_id\)$/ },
    why: 'chunks without a vector are looked for once, a page at a time',
  },
  {
    ...{ collection: 'chunks', shape: /"update":"chunks"\},\[\{"vectors\./, step: /^COLLSCAN$/ },
    why: 'vectors that answer no more are dropped once',
  },
  {
    ...{ collection: 'chunks', step: /^IXSCAN by_word \(\)$/ },
    why: 'one, the last of the index',
  },
  {
    ...{ collection: 'documents', shape: /"find":"documents"\},\{"source":"…"\}/ },
    ...{ step: /^IXSCAN by_path \(source\)$/, why: '`sources add` compares all documents of a source once' },
  },
  {
    ...{ collection: 'documents', shape: /"\$match":\{"source":"…","code"/ },
    ...{ step: /^IXSCAN by_path \(source\)$/, why: '`sources` counts the documents of each source' },
  },
  { collection: 'vector_spaces', step: /^SORT$/, why: 'two of them at most' },
  { collection: 'workers', shape: /"host"/, step: /^SORT$/, why: 'processes at work' },
  { collection: 'journals', shape: /"since"/, step: /^SORT$/, why: 'processes that ended badly' },
];

/** Steps that no right covers. */
export function wrongs(costly: readonly Explained[]): readonly Explained[] {
  return costly.filter((found) => !BY_RIGHT.some((right) => covers(right, found)));
}

/** Rights that nothing uses any more. */
export function idleRights(costly: readonly Explained[]): readonly ByRight[] {
  return BY_RIGHT.filter((right) => !costly.some((found) => covers(right, found)));
}

function covers({ collection, step, shape }: ByRight, found: Explained): boolean {
  return collection === found.collection && step.test(found.step) && (shape?.test(found.shape) ?? true);
}
