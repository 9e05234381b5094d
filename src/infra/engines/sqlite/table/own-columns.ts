import type { SQLInputValue } from 'node:sqlite';
import { UNCLOSED } from '../../../../stages/store/dead-letter-repository.ts';

/** Where a column is not just called as its field: its name, or how it is read, written and looked for. */
export type OwnColumn = Readonly<{
  name?: string;
  sql?: string;
  /** Nothing is written: the rest of the row says it already. */
  isComputed?: boolean;
  encode?(word: unknown): SQLInputValue;
  among?(words: readonly unknown[]): string;
}>;

const DEAD_LETTERS: Readonly<Record<string, string>> = {
  open: "state = 'open'",
  redriving: "(state = 'redriving' AND sent_at IS NULL)",
  sent: "(state = 'redriving' AND sent_at IS NOT NULL)",
  closed: "state = 'closed'",
};

/** A dead letter that is sent is known by when it was. */
const DEAD_LETTER_STATE: OwnColumn = {
  sql: "CASE WHEN state = 'redriving' AND sent_at IS NOT NULL THEN 'sent' ELSE state END",
  encode: (word) => (word === 'sent' ? 'redriving' : String(word)),
  /** In the words of the index of what is not closed, where only that is meant. */
  among: (words) => {
    const named = `(${words.map((word) => DEAD_LETTERS[String(word)] ?? 'false').join(' OR ')})`;
    if (words.includes('closed')) return named;
    return words.length === UNCLOSED.length ? "state <> 'closed'" : `state <> 'closed' AND ${named}`;
  },
};

/** In the words of the index of what differs. */
const AGREES: OwnColumn = {
  sql: 'live = verdict',
  isComputed: true,
  among: ([agrees]) => (agrees === true ? 'live = verdict' : 'live <> verdict'),
};
const BY_NAME = { id: { name: 'name' } };
/** Rows are numbered as they come. */
const ARRIVED: OwnColumn = { sql: 'rowid' };
const OF_OUTCOME = { arrived: ARRIVED, finished: { sql: 'coalesce(unpacked(packed), finished)' } };
const OF_WORK = {
  attempts: { sql: "coalesce(unpacked(packed) -> '$.attempts', attempts)" },
  result: { sql: "coalesce(unpacked(packed) -> '$.result', result)" },
  updatedAt: { name: 'updated_ms' },
};

export const OWN_COLUMNS: Readonly<Record<string, Readonly<Record<string, OwnColumn>>>> = {
  dead_letters: { state: DEAD_LETTER_STATE },
  desk: {
    heldAt: { name: 'held_ms' },
    until: { name: 'until_ms' },
    claimedBy: { sql: 'CASE WHEN until_ms > now_ms() THEN reviewer END' },
  },
  decisions: { day: { sql: 'substr(at, 1, 10)' } },
  shadow_verdicts: { agrees: AGREES },
  questions: {
    arrived: ARRIVED,
    endedAt: { name: 'updated_ms' },
    updatedAt: { name: 'updated_ms' },
    topic: { sql: "question ->> '$.topic'" },
  },
  ...{ dataset: OF_OUTCOME, rejections: OF_OUTCOME },
  ...{ research: OF_WORK, generations: OF_WORK, reviews: OF_WORK, works: OF_WORK },
  lanes: BY_NAME,
  replays: BY_NAME,
  dataset_versions: BY_NAME,
  pauses: { id: { name: 'stage' } },
  forgotten: { id: { name: 'question_id' } },
  forgotten_sources: { id: { name: 'source' } },
  look_ups: { id: { name: 'key' }, at: { name: 'at_ms' }, until: { name: 'until_ms' } },
  spending: { id: { sql: "day || '/' || holder", isComputed: true } },
  workers: {
    host: { sql: "json_extract(state, '$.host')", isComputed: true },
    seenAt: { name: 'seen', encode: (time) => Date.parse(String(time)) / 1_000 },
    age: { sql: "max(0, unixepoch('subsec') - seen)" },
  },
};
