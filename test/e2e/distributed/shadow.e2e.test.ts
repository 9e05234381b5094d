import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { disagreementsSchema, shadowDetailSchema } from '../../../src/features/judges/http/schemas.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { until } from '../../support/until.ts';
import { SLOW_MS, WorkerRig } from './worker-rig.ts';

const QUESTIONS = 6;
const MANY = 40;
const BATCH = 3;
const detail = shadowDetailSchema.extend({ disagreements: disagreementsSchema.shape.verdicts });
const story = z.object({ shadows: z.array(z.object({ shadow: z.string() })) });

await describeOnServers('a shadow judge on Kafka and MongoDB', (servers) => {
  it('judges all that the live one judged, is told of beside the worker, and goes with its group', async () => {
    const rig = await WorkerRig.open(servers, QUESTIONS, {});
    const told = async () => detail.parse(JSON.parse(await rig.done('shadow', 'strict', '--json')));
    const worker = await rig.worker('--model', 'usual', '--shadow', 'strict=better');
    await rig.untilStatus('approved', QUESTIONS);
    const report = await until(
      'the shadow has caught up',
      async () => {
        const each = await told();
        return each.judged === QUESTIONS && each.lag === 0 && each;
      },
      SLOW_MS,
    );
    expect(report).toMatchObject({
      ...{ both: QUESTIONS, agreement: 1, kappa: null, failed: 0, disagreements: [] },
      cost: { shadow: { model: 'better', works: QUESTIONS }, live: { model: 'usual', works: QUESTIONS } },
    });
    const shown = await rig.done('show', await anId(rig), '--json');
    expect(story.parse(JSON.parse(shown)).shadows).toEqual([{ shadow: 'strict' }]);
    const early = await rig.command('gc', '--lane', 'shadow-strict', '--yes');
    expect([early.code, early.stderr]).toMatchObject([1, expect.stringContaining('is still at work')]);
    worker.kill('SIGTERM');
    expect((await worker.exited).code).toBe(0);
    await rig.done('gc', '--lane', 'shadow-strict', '--yes');
    expect((await rig.command('shadow', 'strict')).stderr).toContain('There is no shadow judge strict');
    expect(JSON.parse(await rig.done('shadow', '--json'))).toEqual({ simulated: false, shadows: [] });
  });

  it('loses no candidate and pays for no stored verdict again when one of its workers is killed', async () => {
    const rig = await WorkerRig.open(servers, MANY, { latencyMs: { review: 300 } });
    const hasty = { leaseMs: 3_000, kafkaSessionTimeoutMs: 6_000 };
    await writeFile(join(rig.dir, 'millrace.config.json'), JSON.stringify(hasty));
    const calls = async () => (await rig.llm.stats()).bySchema['review']?.started ?? 0;
    const alone = ['--stage', 'shadow', '--shadow', 'strict=better', '--batch-size', `${BATCH}`];
    // The first one opens it where the live judge stands, which has not begun.
    const first = await rig.worker(...alone);
    const second = await rig.worker(...alone);
    await rig.worker();
    await rig.untilStatus('approved', MANY);
    await until('some are judged', async () => (await calls()) > MANY + BATCH, SLOW_MS);
    first.kill('SIGKILL');
    await first.exited;
    await until(
      'the other has judged the rest',
      async () => {
        const report = detail.parse(JSON.parse(await rig.done('shadow', 'strict', '--json')));
        return report.judged === MANY && report.lag === 0;
      },
      SLOW_MS,
    );
    expect(await calls()).toBeLessThanOrEqual(2 * MANY + BATCH);
    second.kill('SIGTERM');
    expect((await second.exited).code).toBe(0);
  });
});

async function anId(rig: WorkerRig): Promise<string> {
  const rows = z.array(z.object({ questionId: z.string() }));
  const compared = await rig.done('compare', 'main', 'main', '--json');
  const [first] = rows.parse(
    compared
      .trim()
      .split('\n')
      .slice(0, 1)
      .map((line) => JSON.parse(line)),
  );
  return first?.questionId ?? '';
}
