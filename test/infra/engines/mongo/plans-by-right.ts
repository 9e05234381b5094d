export type ByRight = Readonly<{ collection: string; shape: RegExp; step: string; why: string }>;

const OF_A_QUESTION = 'one question has few of them';
/** A range of ids, sorted by what stands at their end. */
const RANGE_OF_IDS = /"_id":\{"\$gte":"…","\$lt":"…"\}\}/;

/** Commands that read or sort more than an index gives at once, and why they may. */
export const BY_RIGHT: readonly ByRight[] = [
  ...['decisions', 'shadow_verdicts'].map((collection) => ({
    ...{ collection, shape: RANGE_OF_IDS, step: 'SORT', why: OF_A_QUESTION },
  })),
  {
    ...{
      collection: 'questions',
      shape: /"aggregate":"questions"\},\[\{"\$match":\{"topic"/,
      step: 'COLLSCAN',
    },
    why: '`forget --topic` looks at every question once',
  },
  {
    ...{ collection: 'forgotten', shape: /"aggregate":"forgotten"\},\[\{"\$match":\{\}\}/, step: 'COLLSCAN' },
    why: 'one, whichever comes first',
  },
  {
    ...{ collection: 'forgotten_sources', shape: /"aggregate":"forgotten_sources"/, step: 'COLLSCAN' },
    why: 'people forget sources, one at a time',
  },
  {
    ...{ collection: 'dead_letters', shape: /"work\.questionId":\{"\$gte"/, step: 'SORT' },
    why: 'the dead letters whose id begins so',
  },
  {
    ...{ collection: 'chunks', shape: /"placed":/, step: 'COLLSCAN' },
    why: 'after a kill, chunks that stand nowhere are looked for once',
  },
  {
    ...{ collection: 'chunks', shape: /"aggregate":"chunks"\},\[\{"\$match":\{"vectors\./, step: 'COLLSCAN' },
    why: 'chunks without a vector are counted once, before they are embedded',
  },
  {
    ...{ collection: 'chunks', shape: /"update":"chunks"\},\[\{"vectors\./, step: 'COLLSCAN' },
    why: 'vectors that answer no more are dropped once',
  },
  {
    ...{ collection: 'vector_spaces', shape: /"find":"vector_spaces"/, step: 'SORT' },
    why: 'two of them at most',
  },
  { ...{ collection: 'workers', shape: /"host"/, step: 'SORT' }, why: 'processes at work' },
  { ...{ collection: 'journals', shape: /"since"/, step: 'SORT' }, why: 'processes that ended badly' },
];
