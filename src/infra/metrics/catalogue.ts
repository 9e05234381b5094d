/** One metric as it is declared, documented and scraped. */
export type MetricSpec = Readonly<{
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Upper bounds, in the metric's unit. */
  buckets?: readonly number[];
}>;

const CALL_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300, 600];
const SEARCH_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const LOOK_UP_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const STAGE_SECONDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Counted by this process since it started, in the order of the stream. */
const COUNTERS = {
  millrace_records_total: {
    kind: 'counter',
    labels: ['stage', 'outcome'],
    help: 'Records that a stage is done with, by outcome: settled, repeated, skipped, dead-lettered, abandoned, fatal.',
  },
  millrace_questions_ended_total: {
    kind: 'counter',
    labels: ['end'],
    help: 'Questions that reached an end in this process: approved, rejected, held, dead_lettered.',
  },
  millrace_calls_total: {
    kind: 'counter',
    labels: ['stage', 'model', 'outcome'],
    help: 'Calls of a model that ended, by outcome: ok, or the class of the failure.',
  },
  millrace_retries_total: {
    kind: 'counter',
    labels: ['stage'],
    help: 'Calls that were not the first of their work.',
  },
  millrace_tokens_total: {
    kind: 'counter',
    labels: ['stage', 'model', 'kind'],
    help: 'Tokens as the servers reported them: input, output, cached (a part of input), reasoning (a part of output).',
  },
  millrace_cost_usd_total: {
    kind: 'counter',
    labels: ['stage', 'model'],
    help: 'Cost of the calls whose price is known, in US dollars.',
  },
  millrace_unpriced_calls_total: {
    kind: 'counter',
    labels: ['stage', 'model'],
    help: 'Calls that used tokens at a price that is not known.',
  },
  millrace_quotes_refused_total: {
    kind: 'counter',
    labels: ['code'],
    help: 'Answers sent back since their quotes do not stand, by code: bad_quote, unknown_piece, no_quote, bad_citation.',
  },
  millrace_look_ups_total: {
    kind: 'counter',
    labels: ['tool', 'outcome'],
    help: 'Look-ups of research that ended, by outcome: ok, kept (from an earlier one), or the class of the failure.',
  },
  millrace_dead_letters_total: {
    kind: 'counter',
    labels: ['stage', 'class'],
    help: 'Records that became dead letters, by the class of the failure.',
  },
  millrace_write_waits_total: {
    kind: 'counter',
    labels: ['stage'],
    help: 'Tries of the store or the log that were refused and are repeated.',
  },
} as const satisfies Record<string, MetricSpec>;

const HISTOGRAMS = {
  millrace_call_duration_seconds: {
    kind: 'histogram',
    labels: ['stage', 'outcome'],
    buckets: CALL_SECONDS,
    help: 'Duration of a call, from leave to call until its answer or failure, in seconds.',
  },
  millrace_stage_duration_seconds: {
    kind: 'histogram',
    labels: ['stage'],
    buckets: STAGE_SECONDS,
    help: 'Time that a record spent in a stage, from its delivery until it was settled, waits included, in seconds.',
  },
  millrace_look_up_duration_seconds: {
    kind: 'histogram',
    labels: ['tool'],
    buckets: LOOK_UP_SECONDS,
    help: 'Duration of a look-up, in seconds.',
  },
  millrace_search_duration_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: SEARCH_SECONDS,
    help: 'Duration of a search of the documents that answers rest on, in seconds.',
  },
} as const satisfies Record<string, MetricSpec>;

/** What this process does at the moment of the scrape. */
const PROCESS_GAUGES = {
  millrace_ready: { kind: 'gauge', labels: [], help: '1 if /readyz says so, else 0.' },
  millrace_alarms: {
    kind: 'gauge',
    labels: ['kind'],
    help: 'Open alarms of a kind; 0 for every kind that has none.',
  },
  millrace_partitions: {
    kind: 'gauge',
    labels: ['stage'],
    help: 'Partitions that this process reads.',
  },
  millrace_calls_in_flight: { kind: 'gauge', labels: ['stage'], help: 'Calls on their way.' },
  millrace_records_in_hand: {
    kind: 'gauge',
    labels: ['stage'],
    help: 'Records that were delivered and are not settled; never more than the credits.',
  },
  millrace_credits: {
    kind: 'gauge',
    labels: ['stage'],
    help: 'The most records that a stage takes in hand at once.',
  },
  millrace_leases_held: { kind: 'gauge', labels: ['stage'], help: 'Works that this process has claimed.' },
  millrace_unsaved_writes: {
    kind: 'gauge',
    labels: [],
    help: 'Answers and failed attempts that are paid for and wait for the store; the journal has them too.',
  },
  millrace_circuit_state: {
    kind: 'gauge',
    labels: ['endpoint'],
    help: 'Circuit of a model endpoint: 0 closed, 1 half-open, 2 open.',
  },
  millrace_concurrency_limit: {
    kind: 'gauge',
    labels: ['endpoint'],
    help: 'Calls at once that an endpoint is given now.',
  },
  millrace_concurrency_ceiling: {
    kind: 'gauge',
    labels: ['endpoint'],
    help: 'Calls at once that an endpoint may be given: the batch sizes of its stages.',
  },
  millrace_endpoint_paused_seconds: {
    kind: 'gauge',
    labels: ['endpoint'],
    help: 'How long nothing will be sent to an endpoint because it asked for it, in seconds.',
  },
  millrace_event_loop_lag_seconds: {
    kind: 'gauge',
    labels: [],
    help: 'By how much the event loop came late at the last look, in seconds.',
  },
  millrace_disk_free_bytes: {
    kind: 'gauge',
    labels: [],
    help: 'Free bytes on the disk of the data directory; embedded engine only.',
  },
  millrace_memory_bytes: {
    kind: 'gauge',
    labels: ['area'],
    help: 'Memory of the process: resident, heap, external.',
  },
} as const satisfies Record<string, MetricSpec>;

/** Read from log and store: absolute, the same in every process, and not reset by a restart. */
const STORED_GAUGES = {
  millrace_lag_records: {
    kind: 'gauge',
    labels: ['stage'],
    help: 'Records of a stage that are not settled yet, over all its workers.',
  },
  millrace_questions: {
    kind: 'gauge',
    labels: ['lane', 'status'],
    help: 'Questions by where they stand.',
  },
  millrace_chunks: {
    kind: 'gauge',
    labels: [],
    help: 'Pieces of the documents that answers rest on, as many as are indexed.',
  },
  millrace_lane_calls_failed: {
    kind: 'gauge',
    labels: ['lane', 'stage'],
    help: 'Calls that failed, of all processes since the beginning.',
  },
  millrace_lane_tokens: {
    kind: 'gauge',
    labels: ['lane', 'stage', 'kind'],
    help: 'Tokens of all processes since the beginning.',
  },
  millrace_lane_cost_usd: {
    kind: 'gauge',
    labels: ['lane', 'stage'],
    help: 'Cost of all processes since the beginning, in US dollars.',
  },
} as const satisfies Record<string, MetricSpec>;

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
