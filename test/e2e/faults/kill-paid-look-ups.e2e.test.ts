import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { arrivalsIn, paidAgain } from '../../support/process/arrivals.ts';
import { ended, programOf } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { searchServer } from '../../support/web/search-server.ts';

const POINT = programOf('search-arrival-point');
const BATCH = 3;
const QUESTIONS = 12;
const PRICE = 0.01;
/** At which search that it was answered each process dies. */
const KILLED_AT = [1, 1, 2, 1];
const statusSchema = z.object({ stages: z.object({ research: z.object({ costUsd: z.number() }) }) });
const SEARCHED = ['search/0', 'turn/0', 'result/turn/0/0', 'turn/1'];

/** A model server and a search that costs something, which outlive every run. */
async function openRig() {
  const search = await searchServer();
  onTestFinished(() => search[Symbol.asyncDispose]());
  search.answers(({ query }) => {
    const excerpt = `Every case must behave as its spring tells it. This is on: ${query}`;
    const url = `https://example.org/${encodeURIComponent(query)}`;
    return { status: 200, hits: [{ title: 'Cases', url, excerpt }] };
  });
  const rig = await RunRig.open({
    questions: QUESTIONS,
    script: { latencyMs: 10 },
    flags: ['--quiet', '--batch-size', String(BATCH), '--research', 'tools'],
  });
  const lookUpTools = { web: { provider: 'searxng', baseUrl: search.url('/searxng'), price: PRICE } };
  const config = join(rig.dir, 'searches.json');
  await writeFile(config, JSON.stringify({ lookUpTools }));
  const marks = join(rig.dir, 'arrivals');
  const start = (answer: number) =>
    rig.startNode(POINT, marks, String(answer), 'journal', ...rig.args('--config', config));
  return { rig, search, lookUpTools, start, arrivals: () => arrivalsIn(marks) };
}

describe('a run whose model searches for money, killed as the answer of a search arrives', () => {
  it('makes no search again whose answer had come, and counts the price of each once', async () => {
    const { rig, search, lookUpTools, start, arrivals } = await openRig();
    for (const [index, answer] of KILLED_AT.entries()) {
      const which = `kill ${index + 1}`;
      const killed = await ended(start(answer));
      expect(killed.signal, `${which}: ${killed.stderr}`).toBe('SIGKILL');
      expect(await violationsAtAnyTime(rig.data), `after ${which}`).toEqual([]);
    }
    const last = await ended(start(0));
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url, { lookUpTools });

    expect(paidAgain(arrivals())).toEqual([]);
    expect(arrivals()).toHaveLength(QUESTIONS);
    // What was sent and never read was in flight at a kill.
    const lostToKills = KILLED_AT.length * BATCH;
    expect(search.seen.length - QUESTIONS).toBeLessThanOrEqual(lostToKills);
    const facts = await embeddedFacts(rig.data, 'millrace');
    const keys = Map.groupBy(facts.steps, ({ work }) => work);
    expect([...keys.values()].map((its) => its.map(({ key }) => key))).toEqual(
      Array.from({ length: QUESTIONS }, () => SEARCHED),
    );
    const lookUps = { started: search.seen.length, lostToKills };
    expect(await violations(rig.data, { lookUps })).toEqual([]);
    const status = await rig.command('status', '--json');
    const { costUsd } = statusSchema.parse(JSON.parse(status.stdout)).stages.research;
    // The model's own price is less than that of one search.
    expect(costUsd).toBeGreaterThanOrEqual(QUESTIONS * PRICE);
    expect(costUsd).toBeLessThan((QUESTIONS + 1) * PRICE);
  });
});
