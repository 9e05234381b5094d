/** One metric as it is declared, documented and scraped. */
export type MetricSpec = Readonly<{
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Upper bounds, in the metric's unit. */
  buckets?: readonly number[];
}>;

const counter = (labels: readonly string[], help: string): MetricSpec => ({ kind: 'counter', labels, help });
const gauge = (labels: readonly string[], help: string): MetricSpec => ({ kind: 'gauge', labels, help });
const histogram = (labels: readonly string[], buckets: readonly number[], help: string): MetricSpec => ({
  ...{ kind: 'histogram', labels, buckets, help },
});

const CALL_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300, 600];
const SEARCH_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const LOOK_UP_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const STAGE_SECONDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Counted by this process since it started, in the order of the stream. */
const COUNTERS = {
  millrace_records_total: counter(
    ['stage', 'outcome'],
    'Records that a stage is done with, by outcome: settled, repeated, skipped, dead-lettered, abandoned, fatal.',
  ),
  millrace_questions_ended_total: counter(
    ['end'],
    'Questions that reached an end in this process: approved, rejected, held, dead_lettered.',
  ),
  millrace_calls_total: counter(
    ['stage', 'model', 'outcome'],
    'Calls of a model that ended, by outcome: ok, or the class of the failure.',
  ),
  millrace_retries_total: counter(
    ['stage'],
    'Calls of a model that were made again, since the one before them in their work failed.',
  ),
  millrace_tokens_total: counter(
    ['stage', 'model', 'kind'],
    'Tokens as the servers reported them: input, output, cached (a part of input), reasoning (a part of output).',
  ),
  millrace_cost_usd_total: counter(
    ['stage', 'model'],
    'Cost of the calls whose price is known, in US dollars.',
  ),
  millrace_unpriced_calls_total: counter(
    ['stage', 'model'],
    'Calls that used tokens at a price that is not known.',
  ),
  millrace_quotes_refused_total: counter(
    ['code'],
    'Answers sent back since their quotes do not stand, by code: bad_quote, unknown_piece, no_quote, bad_citation.',
  ),
  millrace_look_ups_total: counter(
    ['tool', 'outcome'],
    'Look-ups of research that ended, by outcome: ok, kept (from an earlier one), or the class of the failure.',
  ),
  millrace_dead_letters_total: counter(
    ['stage', 'class'],
    'Records that became dead letters, by the class of the failure.',
  ),
  millrace_write_waits_total: counter(
    ['stage'],
    'Tries of the store or the log that were refused and are repeated.',
  ),
};

const HISTOGRAMS = {
  millrace_call_duration_seconds: histogram(
    ['stage', 'outcome'],
    CALL_SECONDS,
    'Duration of a call, from leave to call until its answer or failure, in seconds.',
  ),
  millrace_stage_duration_seconds: histogram(
    ['stage'],
    STAGE_SECONDS,
    'Time that a record spent in a stage, from its delivery until it was settled, waits included, in seconds.',
  ),
  millrace_look_up_duration_seconds: histogram(
    ['tool'],
    LOOK_UP_SECONDS,
    'Duration of a look-up, in seconds.',
  ),
  millrace_search_duration_seconds: histogram(
    [],
    SEARCH_SECONDS,
    'Duration of a search of the documents that answers rest on, in seconds.',
  ),
};

/** What this process does at the moment of the scrape. */
const PROCESS_GAUGES = {
  millrace_ready: gauge([], '1 if /readyz says so, else 0.'),
  millrace_alarms: gauge(['kind'], 'Open alarms of a kind; 0 for every kind that has none.'),
  millrace_partitions: gauge(['stage'], 'Partitions that this process reads.'),
  millrace_calls_in_flight: gauge(['stage'], 'Calls on their way.'),
  millrace_records_in_hand: gauge(
    ['stage'],
    'Records that were delivered and are not settled; never more than the credits.',
  ),
  millrace_credits: gauge(['stage'], 'The most records that a stage takes in hand at once.'),
  millrace_leases_held: gauge(['stage'], 'Works that this process has claimed.'),
  millrace_unsaved_writes: gauge(
    [],
    'Answers and failed attempts that are paid for and wait for the store; the journal has them too.',
  ),
  millrace_circuit_state: gauge(['endpoint'], 'Circuit of a model endpoint: 0 closed, 1 half-open, 2 open.'),
  millrace_concurrency_limit: gauge(['endpoint'], 'Calls at once that an endpoint is given now.'),
  millrace_concurrency_ceiling: gauge(
    ['endpoint'],
    'Calls at once that an endpoint may be given: the batch sizes of its stages.',
  ),
  millrace_endpoint_paused_seconds: gauge(
    ['endpoint'],
    'How long nothing will be sent to an endpoint because it asked for it, in seconds.',
  ),
  millrace_event_loop_lag_seconds: gauge(
    [],
    'By how much the event loop came late at the last look, in seconds.',
  ),
  millrace_disk_free_bytes: gauge([], 'Free bytes on the disk of the data directory; embedded engine only.'),
  millrace_memory_bytes: gauge(['area'], 'Memory of the process: resident, heap, external.'),
};

/** Read from log and store: absolute, the same in every process, and not reset by a restart. */
const STORED_GAUGES = {
  millrace_lag_records: gauge(
    ['stage'],
    'Records of a stage that are not settled yet, over all its workers.',
  ),
  millrace_questions: gauge(['lane', 'status'], 'Questions by where they stand.'),
  millrace_chunks: gauge([], 'Pieces of the documents that answers rest on, as many as are indexed.'),
  millrace_lane_calls_failed: gauge(
    ['lane', 'stage'],
    'Calls that failed, of all processes since the beginning.',
  ),
  millrace_lane_tokens: gauge(['lane', 'stage', 'kind'], 'Tokens of all processes since the beginning.'),
  millrace_lane_cost_usd: gauge(
    ['lane', 'stage'],
    'Cost of all processes since the beginning, in US dollars.',
  ),
};

/** Every metric, by group. `docs/metrics.md` is made from it. */
export const METRIC_GROUPS = {
  counters: COUNTERS,
  histograms: HISTOGRAMS,
  process: PROCESS_GAUGES,
  stored: STORED_GAUGES,
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;
export type GaugeName = keyof typeof PROCESS_GAUGES | keyof typeof STORED_GAUGES;

/** A gauge's value now. */
export type GaugeReading = Readonly<{
  name: GaugeName;
  labels: Readonly<Record<string, string>>;
  value: number;
}>;
