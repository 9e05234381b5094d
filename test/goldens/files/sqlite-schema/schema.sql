PRAGMA user_version = 20;

CREATE INDEX dataset_of_lane ON dataset (lane);

CREATE INDEX dead_letters_by_death ON dead_letters (at, id);

CREATE INDEX dead_letters_by_key ON dead_letters (key);

CREATE INDEX dead_letters_by_question ON dead_letters (question_id);

CREATE INDEX dead_letters_closed ON dead_letters (coalesce(closed_at, at)) WHERE state = 'closed';

CREATE INDEX dead_letters_open ON dead_letters (at, id) WHERE state <> 'closed';

CREATE INDEX dead_letters_taken ON dead_letters (taker) WHERE taker IS NOT NULL;

CREATE INDEX decisions_newest_first ON decisions (lane, at, id);

CREATE INDEX desk_by_reviewer ON desk (lane, reviewer, held_ms, id) WHERE reviewer IS NOT NULL;

CREATE INDEX desk_oldest_first ON desk (lane, held_ms, id) WHERE state = 'waiting';

CREATE INDEX evidence_uses_by_question ON evidence_uses (question_id);

CREATE INDEX evidence_uses_of_lane ON evidence_uses (lane);

CREATE INDEX forgotten_unfinished ON forgotten (question_id) WHERE finished = 0;

CREATE INDEX look_ups_until ON look_ups (until_ms);

CREATE INDEX questions_approved ON questions (lane, updated_ms) WHERE status = 'approved';

CREATE INDEX questions_by_question ON questions (question_id);

CREATE INDEX rejections_of_lane ON rejections (lane);

CREATE INDEX runs_by_start ON runs (started_at);

CREATE INDEX runs_of_lane ON runs (lane);

CREATE INDEX shadow_counts ON shadow_verdicts (shadow, day, live, verdict, difference);

CREATE INDEX shadow_disagreements ON shadow_verdicts (shadow, at, id) WHERE live <> verdict;

CREATE INDEX shadow_verdicts_by_question ON shadow_verdicts (question_id);

CREATE INDEX submissions_by_position ON submissions (run, position);

CREATE INDEX submissions_by_user_id ON submissions (user_id) WHERE user_id IS NOT NULL;

CREATE INDEX submissions_of_run ON submissions (run, question_id, position, lane);

CREATE TABLE dataset (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  drive INTEGER NOT NULL, finished TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE dataset_versions (
  name TEXT PRIMARY KEY, created_at TEXT NOT NULL, manifest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('open', 'redriving', 'closed')), stage TEXT NOT NULL,
  topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, key TEXT, value ANY, headers TEXT NOT NULL,
  work TEXT, kind TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, attempts TEXT NOT NULL,
  first_at TEXT NOT NULL, at TEXT NOT NULL, drive INTEGER NOT NULL DEFAULT 0
, lane TEXT, question_id TEXT, taker TEXT, renewal INTEGER NOT NULL DEFAULT 0, sent_at TEXT, closed_at TEXT) STRICT;

CREATE TABLE decisions (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  reviewer TEXT NOT NULL, verdict TEXT NOT NULL, judge TEXT NOT NULL, at TEXT NOT NULL, decision TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE desk (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL, why TEXT NOT NULL,
  shown TEXT NOT NULL, held_ms INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'decided')),
  reviewer TEXT, token TEXT, until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE ends_per_minute (
  lane TEXT NOT NULL, minute INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (lane, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence_uses (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, lane TEXT NOT NULL, question_id TEXT NOT NULL, content_hash TEXT NOT NULL,
  passage_hash TEXT NOT NULL, cited INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten (
  question_id TEXT PRIMARY KEY, at TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten_sources (
  source TEXT PRIMARY KEY, at TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE generations (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'done', 'dead')),
  token TEXT NOT NULL, renewal INTEGER NOT NULL DEFAULT 0, drive INTEGER NOT NULL,
  attempts TEXT NOT NULL DEFAULT '[]', result TEXT, model TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
  usage TEXT, cost_usd REAL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE lanes (name TEXT PRIMARY KEY, lane TEXT NOT NULL) STRICT;

CREATE TABLE look_up_sources (id TEXT PRIMARY KEY, key TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE look_ups (
  key TEXT PRIMARY KEY, tool TEXT NOT NULL, at_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, body ANY NOT NULL
) STRICT;

CREATE TABLE offsets (
  consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (consumer_group, topic, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE pauses (stage TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, question TEXT NOT NULL,
  status TEXT NOT NULL, rank INTEGER NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, added_ms INTEGER) STRICT;

CREATE TABLE records (id INTEGER PRIMARY KEY, key TEXT, value ANY, headers TEXT, timestamp_ms INTEGER NOT NULL, packed BLOB) STRICT;

CREATE TABLE rejections (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  drive INTEGER NOT NULL, finished TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE replays (name TEXT PRIMARY KEY, plan TEXT NOT NULL, read_at TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE research (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'done', 'dead')),
  token TEXT NOT NULL, renewal INTEGER NOT NULL DEFAULT 0, drive INTEGER NOT NULL,
  attempts TEXT NOT NULL DEFAULT '[]', result TEXT, model TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
  usage TEXT, cost_usd REAL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE retractions (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  drive INTEGER NOT NULL, finished TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE reviews (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'done', 'dead')),
  token TEXT NOT NULL, renewal INTEGER NOT NULL DEFAULT 0, drive INTEGER NOT NULL,
  attempts TEXT NOT NULL DEFAULT '[]', result TEXT, model TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
  usage TEXT, cost_usd REAL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;

CREATE TABLE runs (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, started_at TEXT NOT NULL, input TEXT NOT NULL
) STRICT;

CREATE TABLE shadow_verdicts (
  id TEXT PRIMARY KEY, shadow TEXT NOT NULL, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  live TEXT NOT NULL, verdict TEXT NOT NULL, difference REAL NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL,
  said TEXT NOT NULL
) STRICT;

CREATE TABLE spending (
  day TEXT NOT NULL, holder TEXT NOT NULL, version INTEGER NOT NULL,
  spent_tokens INTEGER NOT NULL, spent_usd REAL NOT NULL, held_tokens INTEGER NOT NULL, held_usd REAL NOT NULL,
  PRIMARY KEY (day, holder)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_counts (
  scope TEXT NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (scope, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (id TEXT PRIMARY KEY, facts TEXT NOT NULL, body ANY NOT NULL) STRICT;

CREATE TABLE submissions (
  run TEXT NOT NULL, question_id TEXT NOT NULL, lane TEXT NOT NULL, position INTEGER NOT NULL,
  user_id TEXT, metadata TEXT, PRIMARY KEY (question_id, lane, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE tallies (
  lane TEXT NOT NULL, stage TEXT NOT NULL, recipe TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0, failed_attempts INTEGER NOT NULL DEFAULT 0,
  input INTEGER NOT NULL DEFAULT 0, output INTEGER NOT NULL DEFAULT 0, cached INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (lane, stage, recipe)
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL) STRICT;

CREATE TABLE workers (id TEXT PRIMARY KEY, state TEXT NOT NULL, seen REAL NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE works (
  id TEXT PRIMARY KEY, lane TEXT NOT NULL, question_id TEXT NOT NULL, revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'done', 'dead')),
  token TEXT NOT NULL, renewal INTEGER NOT NULL DEFAULT 0, drive INTEGER NOT NULL,
  attempts TEXT NOT NULL DEFAULT '[]', result TEXT, model TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
  usage TEXT, cost_usd REAL, published INTEGER NOT NULL DEFAULT 0, updated_ms INTEGER NOT NULL
, packed BLOB) STRICT;
