import { type Document, MaxKey, MinKey } from 'mongodb';

/** They have few values each, so that one of these finds a large part of all documents. */
const FEW_VALUES = [
  ...['lane', 'run', 'runs', 'shadow', 'source', 'stage', 'status', 'state', 'counted', 'finished', 'cited'],
  'day',
];
/** They read all that is below them before they give anything. */
const BLOCKING = ['SORT', 'GROUP'];
const ALL = ['[MinKey, MaxKey]', '[MaxKey, MinKey]'];
const POINT = /^\[(?<from>.*), \k<from>\]$/s;
/** Ids that begin with a lane and a question: it has few of whatever it is. */
const OF_A_QUESTION = /^\["(?<question>[^"/]+\/[^"/]+\/)[^"]*", "\k<question>/;

type Bounds = Readonly<Record<string, readonly string[]>>;
type Scan = Readonly<{
  index: string;
  bounds: Bounds;
  /** Whoever asks takes so many and no more, each as the index gives it. */
  isLimited: boolean;
}>;

/**
 * The scans of an index in a `queryPlanner` (https://www.mongodb.com/docs/manual/reference/explain-results/) that begin at its
 * start, or that fields with few values or a range of ids alone bound, unless a limit bounds what is read. There are none
 * where MongoDB could as well look up a key: on a handful of documents the two tie, and on many the key wins.
 */
export function wideScans({ winningPlan, rejectedPlans = [] }: Document): readonly string[] {
  const looksUpKeys = (plan: Document) => scansOf(plan).length > 0 && scansOf(plan).every(isLookUp);
  if (rejectedPlans.some(looksUpKeys)) return [];
  return scansOf(winningPlan).filter(isWide).map(said);
}

function isWide({ bounds, isLimited }: Scan): boolean {
  if (isLimited) return false;
  const [first = []] = Object.values(bounds);
  return !isBound(first) || boundFields(bounds).every((field) => !isNarrow(field, bounds[field] ?? []));
}

const isNarrow = (field: string, bound: readonly string[]): boolean =>
  field === '_id' ? isKey(bound) : !FEW_VALUES.includes(field);

const isLookUp = ({ bounds }: Scan): boolean =>
  Object.entries(bounds).some(([field, bound]) => !FEW_VALUES.includes(field) && isKey(bound));

const isKey = (bound: readonly string[]): boolean =>
  bound.every((each) => POINT.test(each) || OF_A_QUESTION.test(each));

const isBound = (bound: readonly string[]): boolean => !bound.some((each) => ALL.includes(each));

const boundFields = (bounds: Bounds): readonly string[] =>
  Object.entries(bounds).flatMap(([field, bound]) => (isBound(bound) ? [field] : []));

const said = ({ index, bounds }: Scan): string => `IXSCAN ${index} (${boundFields(bounds).join(', ')})`;

/** A `DISTINCT_SCAN` is none of them: it leaps from value to value. */
function scansOf(step: Document, isLimited = false): readonly Scan[] {
  const { stage, queryPlan, inputStage, inputStages = [], filter, indexBounds, indexName: index } = step;
  const isNowLimited = stage === 'LIMIT' || (isLimited && filter === undefined && !BLOCKING.includes(stage));
  if (stage === 'IXSCAN') return [{ index, bounds: indexBounds, isLimited: isNowLimited }];
  if (stage === 'COUNT_SCAN') return [{ index, bounds: boundsOfCount(indexBounds), isLimited: isNowLimited }];
  const below: readonly (Document | undefined)[] = [queryPlan, inputStage, ...inputStages];
  return below.flatMap((each) => (each === undefined ? [] : scansOf(each, isNowLimited)));
}

function boundsOfCount({ startKey, endKey }: Document): Bounds {
  const ends = Object.keys(startKey).map((field) => [field, [endsText(startKey[field], endKey[field])]]);
  return Object.fromEntries(ends);
}

const endsText = (from: unknown, to: unknown): string => `[${endText(from)}, ${endText(to)}]`;

function endText(end: unknown): string {
  if (end instanceof MinKey) return 'MinKey';
  return end instanceof MaxKey ? 'MaxKey' : JSON.stringify(end);
}
