import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shadowDetailSchema } from '../../../src/features/judges/http/schemas.ts';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { startLlmProcess } from '../../support/llm/scripted-llm-process.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 40;
const KILLS = 8;
const BATCH = 4;
/** Of three agents and one shadow. */
const CALLS_AT_ONCE = 4 * BATCH;
const SEED = 20_261_128;

const status = z.object({ stages: z.object({ review: z.object({ done: z.number() }) }) });

/** A run whose shadow judge asks a server of its own, which sends back what the live one lets pass. */
async function openRig() {
  const latencyMs = { research: 30, candidate: 30, review: 40 };
  const reject = { revisions: 1, fraction: 0.3 };
  const rig = await RunRig.open({
    questions: QUESTIONS,
    ownServer: true,
    script: { latencyMs, reject, seed: SEED },
    flags: ['--quiet', '--batch-size', `${BATCH}`],
    env: { MILLRACE_CONFIG: 'millrace.config.json' },
  });
  const judge = await startLlmProcess({ latencyMs: 60, reject: { revisions: 9, fraction: 0.5 }, seed: SEED });
  const shadows = { strict: { baseUrl: judge.url } };
  await writeFile(join(rig.dir, 'millrace.config.json'), JSON.stringify({ shadows }));
  return { rig, judge };
}

describe('a shadow judge whose run is killed again and again', () => {
  it('judges each candidate once, pays for no stored verdict again, and changes no outcome', async () => {
    const { rig, judge } = await openRig();
    const random = seededRandom(SEED);
    const started = async () => (await rig.server.quietStats()).started + (await judge.quietStats()).started;
    let lostToKills = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const wanted = (await judge.stats()).started + 1 + Math.floor(random() * 5);
      const child = rig.start();
      await until('the shadow calls', async () => (await judge.stats()).started >= wanted);
      child.kill('SIGKILL');
      await child.exited;
      const lost = (await started()) - (await rig.kept()).calls - lostToKills;
      expect(lost, `calls that kill ${kill} of seed ${SEED} cost`).toBeLessThanOrEqual(2 * CALLS_AT_ONCE);
      expect(await violationsAtAnyTime(rig.data), `after kill ${kill}`).toEqual([]);
      lostToKills += lost;
    }
    const last = await rig.run();
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const calls = { started: await started(), lostToKills };
    expect(await violations(rig.data, { calls })).toEqual([]);

    const reviews = status.parse(JSON.parse((await rig.command('status', '--json')).stdout)).stages.review
      .done;
    const shown = await rig.command('shadow', 'strict', '--json');
    const report = shadowDetailSchema.parse(JSON.parse(shown.stdout));
    expect(report).toMatchObject({ judged: reviews, failed: 0, lag: 0 });
    expect(report.cost.shadow.works).toBe(reviews);
    expect(report.liveOnly).toBeGreaterThan(0);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);

    const again = await rig.run();
    expect(again.stdout).toContain('Nothing was called here');
    expect(await started()).toBe(calls.started);
  });
});
