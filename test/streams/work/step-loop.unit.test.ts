import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type {
  Act,
  AttemptContext,
  Made,
  Move,
  NextMove,
  Stage,
} from '../../../src/streams/delivery/stage.ts';
import { Failure, NO_USAGE } from '../../../src/streams/failure.ts';
import { isStopping, stopping } from '../../../src/streams/stop.ts';
import { claimLost, isClaimLost } from '../../../src/streams/work/claim-lost.ts';
import type { Step } from '../../../src/streams/work/step.ts';
import { bySteps } from '../../../src/streams/work/step-loop.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { content, outage, transient } from '../../support/failures.ts';
import { keyOf, questionRecord, type TestMessage } from '../../support/stage/test-stage.ts';
import { attempt } from '../../support/stage/work.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const usage = { input: 10, output: 2, cached: 0, reasoning: 0 };
const made = (body: unknown = 'said', more: Partial<Made> = {}): Made => ({
  ...{ model: 'fake', usage, costUsd: 1, body },
  ...more,
});
const finish: Move<string> = { kind: 'finish', result: 'done', model: 'fake', recipe: 'r' };

/** Turns one after the other, each as told; then the end. */
function turns(...runs: readonly Act['run'][]): NextMove<string> {
  return (steps) => {
    const run = runs[steps.length];
    return run === undefined
      ? finish
      : { kind: 'act', acts: [{ key: `turn/${steps.length}`, kind: 'turn', run }] };
  };
}

function benchOf(next: NextMove<string>, overrides: Partial<Stage<TestMessage, string>> = {}) {
  return workBench({ byStep: async () => next, run: () => expect.unreachable(), ...overrides });
}
const work = keyOf('q1');
const answered = async () => made();

describe('a work that goes step by step', () => {
  it('keeps each step before the next begins, and its result at the end', async () => {
    const bench = benchOf(turns(answered, answered));
    expect(await bench.work(questionRecord('q1'))).toMatchObject({ kind: 'settled' });
    expect(bench.journal).toEqual([
      'claim',
      'appendStep',
      'appendStep',
      'complete',
      'move researched',
      'publish next',
      'settle',
    ]);
    expect(bench.store.row(work)?.finished).toMatchObject({
      ...{ result: 'done', model: 'fake', recipe: 'r', costUsd: 2, attempts: [] },
      usage: { input: 20, output: 4 },
    });
  });

  it('goes on behind the steps of whoever held it before', async () => {
    const first = vi.fn(answered);
    const bench = benchOf(turns(first, answered));
    bench.store.put(work, { state: 'void' });
    const claim = await bench.store.claim(work);
    if (claim.kind !== 'claimed') expect.unreachable();
    const held = { workId: workIdOf(work), token: claim.token };
    const facts = { n: 0, key: 'turn/0', kind: 'turn', drive: 0, at: '', durationMs: 1 } as const;
    const step: Step = { ...facts, ...made() };
    await bench.store.appendStep(held, step);
    await bench.store.release(held);
    await bench.work(questionRecord('q1'));
    expect(first).not.toHaveBeenCalled();
    expect(bench.store.row(work)?.finished?.costUsd).toBe(2);
  });

  it('tries a step again that failed, and counts what the attempts cost', async () => {
    const run = vi.fn(answered).mockRejectedValueOnce(transient());
    const bench = benchOf(turns(run));
    await bench.work(questionRecord('q1'));
    expect(run).toHaveBeenCalledTimes(2);
    expect(bench.store.row(work)?.finished?.attempts).toMatchObject([{ number: 1, outcome: 'transient' }]);
  });

  it('dies of what ends a step, unless the failure becomes the step', async () => {
    const failing = async () => {
      throw content();
    };
    const dying = benchOf(turns(failing));
    expect(await dying.work(questionRecord('q1'))).toMatchObject({ kind: 'dead-lettered' });
    const act: Act = { key: 'r', kind: 'result', run: failing, givenUp: ({ code }) => made(code) };
    const going = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts: [act] } : finish));
    expect(await going.work(questionRecord('q1'))).toMatchObject({ kind: 'settled' });
    expect((await going.store.steps(workIdOf(work))).map(({ body }) => body)).toEqual(['not_json']);
  });

  it('dies where its steps say so', async () => {
    const bench = benchOf(() => ({ kind: 'die', failure: new Failure('content', 'no_quote', 'None.') }));
    expect(await bench.work(questionRecord('q1'))).toMatchObject({ failure: { code: 'no_quote' } });
    expect(bench.store.row(work)?.state).toBe('dead');
  });

  it('tells of each step that was made here, and its dead letter of the calls among them', async () => {
    const failure = new Failure('content', 'no_quote', 'None.');
    const next = turns(answered, answered);
    const bench = benchOf((steps) => (steps.length === 2 ? { kind: 'die', failure } : next(steps)), {
      callOf: ({ n, at }) => attempt({ number: 0, startedAt: at, reply: `${n}` }),
    });
    await bench.work(questionRecord('q1'));
    const told = bench.events.filter(({ kind }) => kind === 'step-made');
    expect(told).toMatchObject([{ step: { n: 0 }, call: { reply: '0' } }, { step: { n: 1 } }]);
    expect(bench.questions.deadLetters).toMatchObject([
      { attempts: [{ number: 1 }, { number: 2, reply: '1' }] },
    ]);
  });

  it('tells of a step once that another’s claim kept from being stored: it was paid for', async () => {
    const bench = benchOf(turns(answered));
    vi.spyOn(bench.store, 'appendStep').mockImplementationOnce(async (held) => {
      bench.store.put(work, { state: 'void', token: held.token });
      return 'lost';
    });
    await bench.work(questionRecord('q1'));
    expect(bench.events.filter(({ kind }) => kind === 'step-made')).toHaveLength(2);
  });

  it('keeps what was paid beside a step that failed', async () => {
    const acts: readonly Act[] = [
      { key: 'a', kind: 'result', run: () => Promise.reject(new Failure('poison', 'refused', 'No.')) },
      { key: 'b', kind: 'result', run: answered },
    ];
    const bench = benchOf(() => ({ kind: 'act', acts }));
    expect(await bench.work(questionRecord('q1'))).toMatchObject({ failure: { code: 'refused' } });
    expect((await bench.store.steps(workIdOf(work))).map(({ key }) => key)).toEqual(['b']);
  });

  it('lets four acts of a move go side by side, and no more', async () => {
    let [now, most] = [0, 0];
    const run = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => void setTimeout(resolve, 1));
      now -= 1;
      return made();
    };
    const acts = Array.from({ length: 9 }, (_, index): Act => ({ key: `r/${index}`, kind: 'result', run }));
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts } : finish));
    await bench.work(questionRecord('q1'));
    expect([most, (await bench.store.steps(workIdOf(work))).map(({ n }) => n)]).toEqual([
      4,
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  });

  it('asks nobody for leave where an act is free', async () => {
    const run = vi.fn(async (_: AttemptContext) => made('found', { model: '', usage: NO_USAGE, costUsd: 0 }));
    const act: Act = { key: 'search/0', kind: 'search', free: true, run };
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts: [act] } : finish));
    bench.circuit.onOutage(outage());
    expect(await bench.work(questionRecord('q1'))).toMatchObject({ kind: 'settled' });
    expect(bench.events.filter(({ kind }) => kind === 'call-started')).toEqual([]);
  });

  it('waits with a step while the store is away, and does not ask for it again', async () => {
    const run = vi.fn(answered);
    const bench = benchOf(turns(run));
    bench.store.failNext('appendStep', outage(), 2);
    await bench.work(questionRecord('q1'));
    expect(run).toHaveBeenCalledOnce();
    expect(await bench.store.steps(workIdOf(work))).toHaveLength(1);
  });

  it('leaves a step that the store has not taken to the journal when the process must end', async () => {
    const bench = benchOf(turns(answered));
    bench.store.failNext('appendStep', outage(), 1_000);
    const outcome = bench.work(questionRecord('q1'));
    await vi.waitFor(() => expect(bench.unsaved.waiting).toBe(1));
    bench.stop.abort();
    expect(await outcome).toMatchObject({ kind: 'abandoned' });
    expect([...bench.answers.standing]).toMatchObject([{ kind: 'step', step: { n: 0, key: 'turn/0' } }]);
  });

  it('puts a paid look-up into the journal before its step is stored', async () => {
    const act: Act = { key: 'result/0', kind: 'result', price: 0.01, run: async () => made('page') };
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts: [act] } : finish));
    bench.store.failNext('appendStep', outage(), 1_000);
    const outcome = bench.work(questionRecord('q1'));
    await vi.waitFor(() => expect([...bench.answers.standing]).toMatchObject([{ kind: 'step' }]));
    bench.stop.abort();
    await outcome;
  });

  it('puts each paid look-up of a move into the journal as it comes: it waits for no other to be stored', async () => {
    const acts = ['a', 'b'].map(
      (key): Act => ({ key, kind: 'result', price: 0.01, run: async () => made('page') }),
    );
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts } : finish));
    bench.store.failNext('appendStep', outage(), 1_000);
    const outcome = bench.work(questionRecord('q1'));
    await vi.waitFor(() =>
      expect([...bench.answers.standing]).toMatchObject([
        { kind: 'step', step: { n: 0, key: 'a' } },
        { kind: 'step', step: { n: 1, key: 'b' } },
      ]),
    );
    bench.stop.abort();
    await outcome;
  });

  it('gives attempts that fail side by side numbers of their own: a store takes equal ones for one', async () => {
    const failing = () => vi.fn(answered).mockRejectedValueOnce(transient());
    const acts = ['a', 'b', 'c'].map((key): Act => ({ key, kind: 'result', run: failing() }));
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts } : finish));
    const recorded = vi.spyOn(bench.store, 'recordAttempt');
    await bench.work(questionRecord('q1'));
    expect(recorded.mock.calls.map(([, { number }]) => number)).toEqual([1, 2, 3]);
  });

  it('waits, and need not move, while a look-up beside one that is stored is out', async () => {
    const out = Promise.withResolvers<Made>();
    const acts: readonly Act[] = [
      { key: 'a', kind: 'result', run: answered },
      { key: 'b', kind: 'result', run: () => out.promise },
    ];
    const bench = benchOf((steps) => (steps.length === 0 ? { kind: 'act', acts } : finish));
    const outcome = bench.work(questionRecord('q1'));
    await vi.waitFor(async () => expect(await bench.store.steps(workIdOf(work))).toHaveLength(1));
    await vi.waitFor(() => expect(bench.unsaved.waiting).toBe(0));
    expect(bench.inHand.oldest).toBeUndefined();
    out.resolve(made());
    expect(await outcome).toMatchObject({ kind: 'settled' });
  });

  it('takes the time of the attempt that was answered: waits for leave and attempts before it are no part of a step', async () => {
    let failedAt = '';
    const run = vi.fn(answered).mockImplementationOnce(async () => {
      await new Promise((resolve) => void setTimeout(resolve, 2));
      failedAt = new Date().toISOString();
      throw transient();
    });
    const bench = benchOf(turns(run));
    await bench.work(questionRecord('q1'));
    const [step] = await bench.store.steps(workIdOf(work));
    expect((step?.at ?? '') >= failedAt).toBe(true);
  });

  it('has taken all its attempts where it was given up', async () => {
    const kept: Step[] = [];
    const times = [3, 4].map((durationMs) => ({
      number: 1,
      startedAt: `2026-01-0${durationMs}`,
      durationMs,
    }));
    const act: Act = { key: 'r', kind: 'result', run: answered, givenUp: () => made('gone') };
    await bySteps<string>({
      ...{ steps: [], drive: 0, failed: [], callOf: () => undefined },
      next: (steps) => (steps.length === 0 ? { kind: 'act', acts: [act] } : finish),
      make: async (_act, _n, timed) => {
        times.forEach(timed);
        throw transient();
      },
      keep: async (step) => void kept.push(step),
    });
    expect(kept).toMatchObject([{ at: '2026-01-03', durationMs: 7 }]);
  });

  it('goes back to the claim where the next step is another’s', async () => {
    const bench = benchOf(turns(answered, answered));
    const append = bench.store.appendStep.bind(bench.store);
    vi.spyOn(bench.store, 'appendStep').mockImplementationOnce(async (held, step) => {
      const theirs = { ...step, body: 'theirs' };
      await append(held, theirs);
      bench.store.put(work, { state: 'void', token: held.token });
      return 'lost';
    });
    expect(await bench.work(questionRecord('q1'))).toMatchObject({ kind: 'settled' });
    const bodies = (await bench.store.steps(workIdOf(work))).map(({ body }) => body);
    expect(bodies).toEqual(['theirs', 'said']);
  });
});

describe('a work that is killed again and again', () => {
  /** Where a process dies: before a call, after its answer, or once its step is kept. */
  const kill = fc.constantFrom('none', 'before', 'after', 'kept');

  it('asks for no answered turn again, repeats at most one move for each kill, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(kill, { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        async (kills, length) => {
          const stored: Step[] = [];
          const calls = new Map<string, number>();
          let [died, at] = [0, 0];
          const dies = (where: string) => {
            if (kills[at] !== where) return;
            died += 1;
            throw stopping();
          };
          const process = () =>
            bySteps<string>({
              next: turns(...Array.from({ length }, () => answered)),
              steps: [...stored],
              drive: 0,
              failed: [],
              callOf: () => undefined,
              make: async (act) => {
                at += 1;
                dies('before');
                expect(stored.some(({ key }) => key === act.key)).toBe(false);
                calls.set(act.key, (calls.get(act.key) ?? 0) + 1);
                dies('after');
                return made();
              },
              keep: async (step) => {
                if (step.n !== stored.length) throw claimLost();
                stored.push(step);
                dies('kept');
              },
            });
          for (let tries = 0; ; tries += 1) {
            expect(tries).toBeLessThanOrEqual(kills.length + 1);
            const ended = await process().catch((error: unknown) => {
              if (!isStopping(error) && !isClaimLost(error)) throw error;
              return undefined;
            });
            if (ended?.result === 'done') break;
          }
          const made_ = [...calls.values()].reduce((sum, count) => sum + count, 0);
          expect(stored.map(({ n }) => n)).toEqual(Array.from({ length }, (_, n) => n));
          expect(made_).toBeLessThanOrEqual(length + died);
        },
      ),
    );
  });
});
