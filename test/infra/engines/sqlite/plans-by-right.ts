/** `file`: where the statement is written, or the table that a repository asks for. `sql`: only of statements like this one. */
export type ByRight = Readonly<{ file: string; step: RegExp; sql?: RegExp; why: string }>;

const OF_A_LANE = 'a lane that is deleted';
const OF_A_QUESTION = 'one question has few of them';
const IN_PAGES = 'a page at a time, and all of it is what is asked for';
const PEOPLE = 'people make them, one at a time';

/** Plans that read more than an index gives at once, and why they may. */
export const BY_RIGHT: readonly ByRight[] = [
  {
    file: 'log.ts',
    step: /^SEARCH records .*rowid/,
    why: 'the end of a range, behind which a record is put',
  },
  {
    file: 'topic-table.ts',
    step: /^SEARCH records .*rowid|^SCAN CONSTANT ROW$/,
    why: 'the ends of a range, or the first record after a time',
  },
  {
    file: 'log-admin.ts',
    step: /^SEARCH records .*rowid/,
    why: '`forget` and `gc` go through the log once',
  },
  { file: 'consumer.ts', step: /^SEARCH records .*rowid/, why: IN_PAGES },
  { file: 'runs.ts', step: /^SEARCH status_counts .*scope/, why: 'a scope has nine counts' },
  {
    file: 'runs.ts',
    step: /^SEARCH s .*\(run=\?\)/,
    why: 'the topics of a run, counted over all of its questions',
  },
  {
    file: 'runs.ts',
    step: /^USE TEMP B-TREE FOR GROUP BY/,
    why: 'as many groups as a run has topics',
  },
  {
    file: 'reports.ts',
    step: /^SEARCH questions USING INDEX questions_approved/,
    why: 'the last of them, in the order of the index',
  },
  { file: 'step-table.ts', step: /^SEARCH steps .*id>/, why: 'all steps of one work' },
  { file: 'dead_letters', step: /^SEARCH dead_letters .*id>/, why: OF_A_QUESTION },
  ...['research', 'generations', 'reviews', 'works'].map((file) => ({
    ...{ file, step: /^SEARCH \w+ .*id>/, why: OF_A_QUESTION },
  })),
  ...['dataset', 'rejections', 'retractions'].map((file) => ({
    ...{ file, step: /^SEARCH \w+ USING COVERING INDEX .*id>/, why: OF_A_LANE },
  })),
  { file: 'questions', step: /^SEARCH questions .*id>/, why: IN_PAGES },
  { file: 'submissions', step: /^SEARCH submissions .*\(run=\? AND position>\?\)/, why: IN_PAGES },
  ...['dataset', 'rejections'].map((file) => ({
    ...{ file, step: /^SEARCH \w+ .*_of_lane \(lane=\?( AND rowid>\?)?\)/, why: IN_PAGES },
  })),
  {
    file: 'questions',
    step: /^SCAN questions$/,
    sql: / ORDER BY \S*rowid\S* DESC, .* LIMIT \?$/,
    why: 'a window over the last that came',
  },
  {
    file: 'dead_letters',
    step: /^SCAN dead_letters USING INDEX dead_letters_by_death$/,
    why: 'all that are closed, in the order of their deaths',
  },
  {
    file: 'dead_letters',
    step: /^SCAN dead_letters USING INDEX dead_letters_open/,
    why: 'all open dead letters are counted by class',
  },
  {
    file: 'dead_letters',
    step: /^USE TEMP B-TREE/,
    why: 'as many groups as there are classes, or as one operator has taken',
  },
  {
    file: 'desk',
    step: /^SEARCH desk USING/,
    why: 'what waits for people, the first that is free',
  },
  { file: 'decisions', step: /^SEARCH decisions|^USE TEMP B-TREE/, why: PEOPLE },
  {
    file: 'decisions',
    step: /^SCAN decisions USING INDEX sqlite_autoindex_decisions_1$/,
    why: 'all that people decided: they decide little, and it is read a page at a time',
  },
  {
    file: 'runs',
    step: /^SCAN runs USING INDEX runs_by_start|^USE TEMP B-TREE FOR LAST TERM/,
    why: 'one, the first of the index',
  },
  { file: 'runs', step: /^SEARCH runs USING INDEX runs_of_lane/, why: OF_A_LANE },
  { file: 'steps', step: /^SEARCH steps .*id>/, why: OF_A_LANE },
  { file: 'submissions', step: /^SEARCH submissions .*submissions_of_run \(run=\?\)/, why: OF_A_LANE },
  { file: 'forgotten-marks.ts', step: /^SCAN forgotten$/, why: 'only whether there is one' },
  {
    file: 'dead-letter-closing.ts',
    step: /^SCAN dead_letters USING INDEX dead_letters_open$/,
    why: 'only whether there is one, the first of the index',
  },
  {
    file: 'forgotten',
    step: /^SCAN forgotten USING .*unfinished/,
    why: 'the index has nothing else',
  },
  { file: 'forgotten', step: /^SCAN forgotten$/, why: 'one, whichever comes first' },
  { file: 'forgotten_sources', step: /^(SCAN|SEARCH) forgotten_sources\b/, why: PEOPLE },
  {
    file: 'evidence_uses',
    step: /^(SEARCH|SCAN) evidence_uses/,
    why: 'what rests on a source, or on any of them: a page at a time',
  },
  {
    file: 'look_up_sources',
    step: /^SEARCH look_up_sources USING PRIMARY KEY/,
    why: 'what consists of a source: a page at a time',
  },
  {
    file: 'questions',
    step: /^SCAN questions USING INDEX questions_by_question$/,
    why: '`forget --topic` looks at every question once',
  },
  {
    file: 'questions',
    step: /^SCAN questions USING INDEX sqlite_autoindex_questions_1$/,
    why: '`gc` looks at every question once, in pages',
  },
  { file: 'status_counts', step: /^SEARCH status_counts .*scope=/, why: OF_A_LANE },
  { file: 'ends_per_minute', step: /^SEARCH ends_per_minute .*lane=/, why: OF_A_LANE },
  { file: 'shadow_verdicts', step: /^SEARCH shadow_verdicts .*id>/, why: OF_A_QUESTION },
  {
    file: 'shadow_verdicts',
    step: /shadow_counts|shadow_disagreements/,
    why: 'how a judge fell, counted from an index, or where it differs',
  },
  { file: 'shadow_verdicts', step: /^USE TEMP B-TREE/, why: OF_A_QUESTION },
  { file: 'dataset_versions', step: /^USE TEMP B-TREE/, why: PEOPLE },
  { file: 'workers', step: /^USE TEMP B-TREE/, why: 'processes at work' },
];
