/** The stages whose work is paid for, and the table of each. */
export const WORK_TABLES = { research: 'research', generation: 'generations', review: 'reviews' } as const;
/** Where those of all stages stand, ours and those of plugins. */
export const ALL_WORK_TABLES = [...Object.values(WORK_TABLES), 'works'] as const;

const workTable = (table: string) => `
CREATE TABLE ${table} (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'done', 'dead')),
  token TEXT NOT NULL, renewal INTEGER NOT NULL DEFAULT 0, drive INTEGER NOT NULL,
  attempts TEXT NOT NULL DEFAULT '[]', result TEXT, model TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
  usage TEXT, cost_usd REAL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
) STRICT;`;

const outcomeTable = (table: string) => `
CREATE TABLE ${table} (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  drive INTEGER NOT NULL, finished TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
) STRICT;`;

/** Each entry brings the file from version i to i + 1 (`PRAGMA user_version`). Entries are only ever added. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL) STRICT;
CREATE TABLE records (id INTEGER PRIMARY KEY, key TEXT, value ANY, headers TEXT, timestamp_ms INTEGER NOT NULL) STRICT;
CREATE TABLE offsets (
  consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (consumer_group, topic, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, question TEXT NOT NULL,
  status TEXT NOT NULL, rank INTEGER NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE submissions (
  run TEXT NOT NULL, question_id TEXT NOT NULL, lane TEXT NOT NULL, position INTEGER NOT NULL,
  user_id TEXT, metadata TEXT, PRIMARY KEY (question_id, lane, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX submissions_by_position ON submissions (run, position);
${Object.values(WORK_TABLES).map(workTable).join('\n')}
${outcomeTable('dataset')}
${outcomeTable('rejections')}

CREATE TABLE runs (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, started_at TEXT NOT NULL, input TEXT NOT NULL
) STRICT;
CREATE TABLE lanes (name TEXT PRIMARY KEY, lane TEXT NOT NULL) STRICT;
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('open', 'redriving', 'closed')), stage TEXT NOT NULL,
  topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, key TEXT, value ANY, headers TEXT NOT NULL,
  work TEXT, kind TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, attempts TEXT NOT NULL,
  first_at TEXT NOT NULL, at TEXT NOT NULL, drive INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX dead_letters_open ON dead_letters (at) WHERE state <> 'closed';

CREATE TABLE status_counts (
  scope TEXT NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (scope, status)
) STRICT, WITHOUT ROWID;
CREATE TABLE ends_per_minute (
  lane TEXT NOT NULL, minute INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (lane, minute)
) STRICT, WITHOUT ROWID;
CREATE TABLE tallies (
  lane TEXT NOT NULL, stage TEXT NOT NULL, recipe TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0, failed_attempts INTEGER NOT NULL DEFAULT 0,
  input INTEGER NOT NULL DEFAULT 0, output INTEGER NOT NULL DEFAULT 0, cached INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (lane, stage, recipe)
) STRICT, WITHOUT ROWID;
`,
  // Questions that must never come back: their ids are hashes, and say nothing of them.
  `
CREATE TABLE forgotten (
  question_id TEXT PRIMARY KEY, at TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
`,
  'CREATE TABLE replays (name TEXT PRIMARY KEY, plan TEXT NOT NULL, read_at TEXT) STRICT, WITHOUT ROWID;',
  `
ALTER TABLE dead_letters ADD COLUMN lane TEXT;
ALTER TABLE dead_letters ADD COLUMN question_id TEXT;
ALTER TABLE dead_letters ADD COLUMN taker TEXT;
ALTER TABLE dead_letters ADD COLUMN renewal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN sent_at TEXT;
ALTER TABLE dead_letters ADD COLUMN closed_at TEXT;
UPDATE dead_letters SET lane = json_extract(work, '$.lane'), question_id = json_extract(work, '$.questionId'),
  state = CASE state WHEN 'redriving' THEN 'open' ELSE state END;
CREATE INDEX dead_letters_taken ON dead_letters (taker) WHERE taker IS NOT NULL;
`,
  `
CREATE TABLE spending (
  day TEXT NOT NULL, holder TEXT NOT NULL, version INTEGER NOT NULL,
  spent_tokens INTEGER NOT NULL, spent_usd REAL NOT NULL, held_tokens INTEGER NOT NULL, held_usd REAL NOT NULL,
  PRIMARY KEY (day, holder)
) STRICT, WITHOUT ROWID;
`,
  'CREATE TABLE workers (id TEXT PRIMARY KEY, state TEXT NOT NULL, seen REAL NOT NULL) STRICT, WITHOUT ROWID;',
  `CREATE TABLE dataset_versions (
  name TEXT PRIMARY KEY, created_at TEXT NOT NULL, manifest TEXT NOT NULL
) STRICT, WITHOUT ROWID;`,
  // What waits for people, what they decided, and the ends that they took back.
  `
CREATE TABLE desk (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL, why TEXT NOT NULL,
  shown TEXT NOT NULL, held_ms INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'decided')),
  reviewer TEXT, token TEXT, until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX desk_oldest_first ON desk (lane, held_ms, id) WHERE state = 'waiting';
CREATE TABLE decisions (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  reviewer TEXT NOT NULL, verdict TEXT NOT NULL, judge TEXT NOT NULL, at TEXT NOT NULL, decision TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX decisions_newest_first ON decisions (lane, at, id);
${outcomeTable('retractions')}
`,
  'CREATE TABLE pauses (stage TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  // How long a question took to be approved.
  `
ALTER TABLE questions ADD COLUMN added_ms INTEGER;
CREATE INDEX questions_approved ON questions (lane, updated_ms) WHERE status = 'approved';
`,
  // A reviewer who comes back.
  'CREATE INDEX desk_by_reviewer ON desk (lane, reviewer, held_ms, id) WHERE reviewer IS NOT NULL;',
  // What shadow judges said. Counts are read from the index alone.
  `
CREATE TABLE shadow_verdicts (
  id TEXT PRIMARY KEY, shadow TEXT NOT NULL, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  live TEXT NOT NULL, verdict TEXT NOT NULL, difference REAL NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL,
  said TEXT NOT NULL
) STRICT;
CREATE INDEX shadow_counts ON shadow_verdicts (shadow, day, live, verdict, difference);
CREATE INDEX shadow_disagreements ON shadow_verdicts (shadow, at, id) WHERE live <> verdict;
CREATE INDEX shadow_verdicts_by_question ON shadow_verdicts (question_id);
`,
  // Whether a run asked a question before, and the outcomes of one lane among those of others.
  `
CREATE INDEX submissions_of_run ON submissions (run, question_id, position, lane);
CREATE INDEX dataset_of_lane ON dataset (lane);
CREATE INDEX rejections_of_lane ON rejections (lane);
`,
  // What is long is packed: its plain column is empty then. Rows of older versions stay as they are.
  ['records', ...Object.values(WORK_TABLES), 'dataset', 'rejections', 'retractions']
    .map((table) => `ALTER TABLE ${table} ADD COLUMN packed BLOB;`)
    .join('\n'),
  // What else was found only by reading all of a table that grows.
  `
CREATE INDEX questions_by_question ON questions (question_id);
CREATE INDEX runs_by_start ON runs (started_at);
CREATE INDEX runs_of_lane ON runs (lane);
CREATE INDEX forgotten_unfinished ON forgotten (question_id) WHERE finished = 0;
DROP INDEX dead_letters_open;
CREATE INDEX dead_letters_open ON dead_letters (at, id) WHERE state <> 'closed';
CREATE INDEX dead_letters_by_death ON dead_letters (at, id);
CREATE INDEX dead_letters_closed ON dead_letters (coalesce(closed_at, at)) WHERE state = 'closed';
CREATE INDEX dead_letters_by_question ON dead_letters (question_id);
CREATE INDEX dead_letters_by_key ON dead_letters (key);
`,
  // By the id that its asker gave a question.
  'CREATE INDEX submissions_by_user_id ON submissions (user_id) WHERE user_id IS NOT NULL;',
  // What rests on which source, and which sources were taken back.
  `
CREATE TABLE evidence_uses (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, lane TEXT NOT NULL, question_id TEXT NOT NULL, content_hash TEXT NOT NULL,
  passage_hash TEXT NOT NULL, cited INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_uses_by_question ON evidence_uses (question_id);
CREATE INDEX evidence_uses_of_lane ON evidence_uses (lane);
CREATE TABLE forgotten_sources (
  source TEXT PRIMARY KEY, at TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
`,
  // What stages of plugins did: their ids name the stage.
  `${workTable('works')} ALTER TABLE works ADD COLUMN packed BLOB;`,
  // What works that go step by step have done so far, by the id of the work and a number.
  'CREATE TABLE steps (id TEXT PRIMARY KEY, facts TEXT NOT NULL, body ANY NOT NULL) STRICT;',
  // What look-ups brought, and of what they consist.
  `
CREATE TABLE look_ups (
  key TEXT PRIMARY KEY, tool TEXT NOT NULL, at_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, body ANY NOT NULL
) STRICT;
CREATE INDEX look_ups_until ON look_ups (until_ms);
CREATE TABLE look_up_sources (id TEXT PRIMARY KEY, key TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
];
