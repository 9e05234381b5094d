import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../../src/features/questions/question-record.ts';
import { isReached, type Target, targetReport } from '../../../../src/features/run/target/target.ts';
import { type TargetFacts, TargetSupply } from '../../../../src/features/run/target/target-supply.ts';
import type { StatusCounts, TopicCounts } from '../../../../src/stages/store/store.ts';
import { noCounts } from '../../../support/run/run-progress.ts';

type End = 'approved' | 'rejected' | 'dead_lettered';
type Planned = Readonly<{ topic: string; end: End }>;

/** A run in which a question ends as planned, the oldest open one whenever the supply waits. */
class PlannedRun implements TargetFacts {
  readonly asked: Planned[] = [];
  readonly open: Planned[] = [];
  readonly #ended = new Map<string, StatusCounts>();
  mostOpen = 0;
  stopped = false;

  ask(question: Planned): void {
    this.asked.push(question);
    this.open.push(question);
    this.mostOpen = Math.max(this.mostOpen, this.open.length);
  }

  async counts(): Promise<readonly TopicCounts[]> {
    const topics = new Set([...this.#ended.keys(), ...this.open.map(({ topic }) => topic)]);
    return [...topics].map((topic) => {
      const ended = this.#ended.get(topic) ?? noCounts;
      const open = this.open.filter((each) => each.topic === topic).length;
      return { topic, subTopic: '', counts: { ...ended, pending: open } };
    });
  }

  async changed(): Promise<boolean> {
    if (this.stopped) return false;
    this.endOne();
    return true;
  }

  endOne(): void {
    const ended = this.open.shift();
    if (ended === undefined) throw new Error('The supply waits for nothing.');
    const counts = this.#ended.get(ended.topic) ?? noCounts;
    this.#ended.set(ended.topic, { ...counts, [ended.end]: counts[ended.end] + 1 });
  }
}

function asked({ topic, end }: Planned): Asked {
  return { question: { text: end, context: '', topic, subTopic: '', trainingType: 'sft' } };
}

async function runOf(target: Target, plan: readonly Planned[], run = new PlannedRun()) {
  let read = 0;
  async function* supply() {
    for (const each of plan) {
      read += 1;
      yield asked(each);
    }
  }
  const fed = new TargetSupply(target, run);
  for await (const { question } of fed.take(supply()))
    run.ask({ topic: question.topic, end: question.text as End });
  while (run.open.length > 0) run.endOne();
  return { run, read, report: targetReport(target, await run.counts(), fed.passedBy) };
}

const planned = (ends: string, topic = ''): Planned[] =>
  [...ends].map((each) => ({
    topic,
    end: each === 'a' ? 'approved' : each === 'r' ? 'rejected' : 'dead_lettered',
  }));

describe('a run with a target', () => {
  it('stops as soon as so many are approved, and reads no further', async () => {
    const { report, read } = await runOf({ approved: 3 }, planned(`arada${'a'.repeat(100)}`));
    expect(report).toMatchObject({ missing: 0, beyond: 0 });
    expect(report.groups).toEqual([
      { name: '', approved: 3, rejected: 1, failed: 1, held: 0, open: 0, missing: 0, beyond: 0 },
    ]);
    expect(read).toBe(5);
  });

  it('says what is missing where the supply ends before', async () => {
    const { report } = await runOf({ approved: 5 }, planned('arad'));
    expect(isReached(report)).toBe(false);
    expect(report).toMatchObject({ missing: 3, groups: [{ approved: 2, rejected: 1, failed: 1 }] });
    expect(isReached((await runOf({ approved: 5 }, [])).report)).toBe(false);
    expect((await runOf({ approved: 5, per: 'topic' }, [])).report.groups).toEqual([]);
  });

  it('lets questions of a full topic pass by, and fills the others', async () => {
    const plan = [...planned('aaaa', 'full'), ...planned('rra', 'short'), ...planned('aa', 'full')];
    const { report, run } = await runOf({ approved: 2, per: 'topic' }, plan);
    expect(report.groups.map(({ name, approved, missing }) => [name, approved, missing])).toEqual([
      ['full', 2, 0],
      ['short', 1, 1],
    ]);
    expect(report.passedBy).toBe(4);
    expect(run.asked).toHaveLength(5);
  });

  it('ends its wait when the run stops', async () => {
    const run = new PlannedRun();
    run.stopped = true;
    const { report } = await runOf({ approved: 2 }, planned('rraa'), run);
    expect(run.asked).toHaveLength(2);
    expect(report.missing).toBe(2);
  });

  it('never asks more than can still be needed, and misses a target only where the supply does', async () => {
    const end = fc.constantFrom<End>('approved', 'rejected', 'dead_lettered');
    const question = fc.record({ topic: fc.constantFrom('a', 'b', 'c'), end });
    const per = fc.constantFrom(undefined, 'topic' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(question, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        per,
        async (plan, approved, scope) => {
          const { report, run } = await runOf({ approved, per: scope }, plan);
          expect(report.beyond).toBe(0);
          if (scope === undefined) expect(run.mostOpen).toBeLessThanOrEqual(approved);
          for (const { name, approved: got } of report.groups) {
            const there = plan.filter((each) => scope === undefined || each.topic === name);
            const approvable = there.filter((each) => each.end === 'approved').length;
            expect(got).toBe(Math.min(approved, approvable));
          }
          expect(run.asked.length + report.passedBy).toBeLessThanOrEqual(plan.length);
        },
      ),
    );
  });
});
