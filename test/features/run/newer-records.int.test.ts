import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { workersText } from '../../../src/features/flow/workers-text.ts';
import { runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { reasonsNotReady } from '../../../src/features/serve/readiness.ts';
import { runChecks } from '../../../src/features/upkeep/doctor/check.ts';
import { embeddedDatabase } from '../../../src/features/upkeep/doctor/embedded-database.ts';
import { mongo as mongoCheck } from '../../../src/features/upkeep/doctor/mongo.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { groupOf, topicsOf } from '../../../src/stages/stage-names.ts';
import { askedQuestions } from '../../support/run/run-here.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const newer = { v: 99, lane: 'main', said: 'in words that nobody knows yet' };

async function expectLeft(where: Readonly<Record<string, unknown>>): Promise<void> {
  const data = await tempDir();
  const settings = parseSettings({ data, simulate: 'latency=0ms', ...where });
  const session = await openSession({ settings });
  const { log, store } = session.engine;
  const topic = topicsOf(session.namespace).research;
  const [before] = [...(await log.endOffsets(topic))];
  expect(before?.[1]).toBe(0n);
  try {
    await log.publish(topic, [{ key: 'of a newer version', value: JSON.stringify(newer) }]);
    const alarm = await until('it is seen', () =>
      session.alarms.open.find(({ kind }) => kind === 'newer_record'),
    );
    expect(alarm).toMatchObject({ subject: 'research' });
    expect(alarm.text).toMatch(
      /is of version 99, and this Millrace reads versions up to \d.*Update Millrace/,
    );
    expect(reasonsNotReady(session)).toContainEqual(expect.objectContaining({ code: 'newer_record' }));
    await until('status shows it', async () =>
      workersText(await store.workers.list()).includes('newer_record research'),
    );
    const findings = await runChecks([embeddedDatabase, mongoCheck], { ...session, simulated: true });
    expect(findings).toContainEqual(
      expect.objectContaining({
        status: 'warning',
        text: expect.stringMatching(/newer_record of research.*version 99/),
      }),
    );
    expect((await runQuestions(session, { asked: askedQuestions(4), input: 'test' })).open).toBe(0);
    for await (const deadLetter of store.deadLetters.list({}))
      expect.fail(`${deadLetter.code} became a dead letter`);
  } finally {
    await session.close();
  }
  const again = await openSession({ settings });
  try {
    await until('it comes again', () => again.alarms.open.some(({ kind }) => kind === 'newer_record'));
    const committed = await again.engine.log.committedOffsets(groupOf(again.namespace, 'research'), topic);
    expect(committed.get(0) ?? 0n).toBe(0n);
  } finally {
    await again.close();
  }
}

describe('a record of a newer version on the embedded engine', () => {
  it('is left to a newer process under an alarm, while its neighbours end', () => expectLeft({}));
});

await describeOnServers('a record of a newer version on Kafka and MongoDB', ({ kafka, mongo }) => {
  it('is left to a newer process under an alarm, while its neighbours end', () =>
    expectLeft({
      kafka,
      mongo,
      namespace: `newer-${randomUUID().slice(0, 8)}`,
      partitions: 1,
    }));
});
