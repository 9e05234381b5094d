import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../src/infra/metrics/metrics.ts';
import type { StageEvent, StageOutcome } from '../../../src/streams/delivery/stage-events.ts';
import { NO_USAGE } from '../../../src/streams/failure.ts';
import { outage, transient } from '../../support/failures.ts';
import { logRecord } from '../../support/stage/records.ts';
import { attempt, finished, workKey } from '../../support/stage/work.ts';

const work = workKey();

const outcome = (each: StageOutcome, stage = 'research'): StageEvent => ({
  kind: 'outcome',
  record: logRecord(),
  stage,
  outcome: each,
  durationMs: 1_500,
});

function settled(called: boolean, more: Partial<ReturnType<typeof finished>> = {}): StageOutcome {
  const result = { kind: 'emit', status: 'researched', topic: 't', records: [] } as const;
  return { kind: 'settled', work, result, finished: finished({}, more), called };
}

async function textOf(...events: readonly StageEvent[]): Promise<string> {
  const metrics = new Metrics();
  for (const event of events) metrics.onEvent(event);
  return metrics.text();
}

describe('metrics', () => {
  it('count a call with its tokens and cost once, however often its work was tried', async () => {
    const failed = attempt({ outcome: 'transient', costUsd: 0.25 });
    const second = attempt({ number: 2, costUsd: 1 });
    const text = await textOf(
      {
        kind: 'attempt-failed',
        record: logRecord(),
        stage: 'research',
        work,
        attempt: failed,
        failure: transient(),
      },
      outcome(settled(true, { attempts: [failed, second] })),
    );
    expect(text).toContain('millrace_calls_total{stage="research",model="fake",outcome="transient"} 1');
    expect(text).toContain('millrace_calls_total{stage="research",model="fake",outcome="ok"} 1');
    expect(text).toContain('millrace_retries_total{stage="research"} 1');
    expect(text).toContain('millrace_cost_usd_total{stage="research",model="fake"} 1.25');
    expect(text).toContain('millrace_tokens_total{stage="research",model="fake",kind="input"} 200');
    expect(text).toContain('millrace_stage_duration_seconds_sum{stage="research"} 1.5');
    expect(text).toContain('millrace_call_duration_seconds_count{stage="research",outcome="ok"} 1');
  });

  it('count each turn of a work that goes step by step, and what its look-ups cost, once', async () => {
    const facts = { n: 0, key: 'k', drive: 0, at: '', durationMs: 5, body: null };
    const call = attempt({ costUsd: 0.25 });
    const turn = { ...facts, kind: 'turn', model: 'fake', usage: call.usage, costUsd: 0.25 } as const;
    const result = { ...turn, kind: 'result', model: '', usage: NO_USAGE, costUsd: 0.5 } as const;
    const text = await textOf(
      { kind: 'step-made', stage: 'research', work, step: turn, call },
      { kind: 'step-made', stage: 'research', work, step: result, call: undefined },
      outcome(settled(true, { attempts: [call], stepped: true })),
    );
    expect(text).toContain('millrace_calls_total{stage="research",model="fake",outcome="ok"} 1');
    expect(text).toContain('millrace_cost_usd_total{stage="research",model="fake"} 0.25');
    expect(text).toContain('millrace_cost_usd_total{stage="research",model=""} 0.5');
  });

  it('count a turn that is asked again as a retry, and a tool that failed as no call of a model', async () => {
    const facts = { n: 0, key: 'k', kind: 'turn', drive: 0, at: '', durationMs: 5, body: null } as const;
    const call = attempt({ number: 0 });
    const step = { ...facts, model: 'fake', usage: call.usage, costUsd: 0 };
    const failed = attempt({ number: 3, model: '', outcome: 'transient', costUsd: 0.5 });
    const about = { stage: 'research', work } as const;
    const text = await textOf(
      { kind: 'step-made', ...about, step, call, again: false },
      { kind: 'step-made', ...about, step, call, again: true },
      {
        ...{ kind: 'attempt-failed', record: logRecord(), attempt: failed, failure: transient() },
        ...{ ...about, lookUp: true, again: true },
      },
    );
    expect(text).toContain('millrace_retries_total{stage="research"} 1');
    expect(text.match(/^millrace_calls_total\{.*$/gm)).toEqual([
      'millrace_calls_total{stage="research",model="fake",outcome="ok"} 2',
    ]);
    expect(text).toContain('millrace_cost_usd_total{stage="research",model=""} 0.5');
  });

  it('count no call for a result that was found stored, or for a stage that calls nobody', async () => {
    const free = [attempt({ model: '' })];
    const text = await textOf(outcome(settled(false)), outcome(settled(true, { attempts: free }), 'storage'));
    expect(text).not.toMatch(/^millrace_calls_total\{/m);
    expect(text).toContain('millrace_records_total{stage="storage",outcome="settled"} 1');
  });

  it('count the calls of a shadow judge by its name, and neither ends nor dead letters', async () => {
    const finish = { kind: 'finish', status: 'reviewed', topic: 't', records: [] } as const;
    const judged: StageOutcome = {
      kind: 'settled',
      work,
      result: finish,
      finished: finished({}),
      called: true,
    };
    const dead: StageOutcome = { kind: 'dead-lettered', work, failure: transient() };
    const text = await textOf(outcome(judged, 'shadow strict'), outcome(dead, 'shadow strict'));
    expect(text).toContain('millrace_calls_total{stage="shadow strict",model="fake",outcome="ok"} 1');
    expect(text).toContain('millrace_records_total{stage="shadow strict",outcome="dead-lettered"} 1');
    expect(text).not.toMatch(/^millrace_(questions_ended|dead_letters)_total\{/m);
  });

  it('count ends, dead letters by class, and refused writes', async () => {
    const finish = { kind: 'finish', status: 'approved', topic: 't', records: [] } as const;
    const text = await textOf(
      outcome({ kind: 'settled', work, result: finish, finished: finished({}), called: false }, 'storage'),
      outcome({ kind: 'dead-lettered', work, failure: transient() }),
      outcome({ kind: 'dead-lettered', work: undefined, failure: transient() }),
      { kind: 'write-waits', stage: 'review', failure: outage() },
    );
    expect(text).toContain('millrace_questions_ended_total{end="approved"} 1');
    // What could not be decoded is no question.
    expect(text).toContain('millrace_questions_ended_total{end="dead_lettered"} 1');
    expect(text).toContain('millrace_dead_letters_total{stage="research",class="transient"} 2');
    expect(text).toContain('millrace_write_waits_total{stage="review"} 1');
  });

  it('know a bounded number of models', async () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      settled(true, { attempts: [attempt({ model: `m${n}` })] }),
    );
    const text = await textOf(...many.map((each) => outcome(each)));
    expect(text).toContain('model="m49"');
    expect(text).not.toContain('model="m50"');
    expect(text).toContain('millrace_calls_total{stage="research",model="other",outcome="ok"} 10');
  });

  it('read gauges at each scrape, and do without those of a source that is away', async () => {
    const metrics = new Metrics();
    let lag = 7;
    metrics.readFrom(async () => [{ name: 'millrace_lag_records', labels: { stage: 'review' }, value: lag }]);
    metrics.readFrom(() => Promise.reject(outage()));
    expect(await metrics.text()).toContain('millrace_lag_records{stage="review"} 7');
    lag = 0;
    expect(await metrics.text()).toContain('millrace_lag_records{stage="review"} 0');
  });
});
