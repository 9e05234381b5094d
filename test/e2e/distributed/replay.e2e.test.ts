import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { StatusCounts } from '../../../src/stages/store/store.ts';
import type { Offset } from '../../../src/streams/log/log.ts';
import { openKafkaLog } from '../../infra/engines/kafka/open-kafka-log.ts';
import { openAdmin } from '../../infra/engines/kafka/opened.ts';
import { startLlm } from '../../support/llm/scripted-llm-process.ts';
import { type Child, startNode } from '../../support/process/child.ts';
import { ended, MAIN } from '../../support/process/millrace.ts';
import { questionText } from '../../support/run/question-files.ts';
import { untilStatusIn } from '../../support/run/until-status.ts';
import { describeOnServers, type Servers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const WITHIN_MS = 120_000;
const BATCH = 3;

const statusSchema = z.object({ questions: z.custom<StatusCounts>() });
const lastSchema = z.looseObject({
  matching: z.number().optional(),
  calls: z.number().optional(),
  totals: z.looseObject({ questions: z.number(), onlyInA: z.number() }).optional(),
});

/** A namespace of its own on both servers, a model server, and any command on them. */
async function opened({ kafka, mongo }: Servers) {
  const [dir, llm] = [
    await tempDir(),
    await startLlm({ latencyMs: { research: 30, candidate: 400, review: 30 } }),
  ];
  const namespace = `test-${randomUUID().slice(0, 13)}`;
  const env = { MILLRACE_KAFKA: kafka, MILLRACE_MONGO: mongo, MILLRACE_NAMESPACE: namespace };
  const tuning = { MILLRACE_PARTITIONS: '3', MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '6000' };
  const start = (...args: string[]): Child =>
    startNode([MAIN, ...args], {
      cwd: dir,
      env: { ...env, ...tuning, OPENAI_BASE_URL: llm.url, MILLRACE_DATA: join(dir, 'data') },
    });
  const run = async (...args: string[]) => {
    const done = await ended(start(...args));
    expect(done.code, `${args.join(' ')}: ${done.stderr}`).toBe(0);
    return done.stdout.trimEnd();
  };
  const ingest = async (from: number, to: number) => {
    const file = join(dir, `${from}.txt`);
    const texts = Array.from({ length: to - from }, (_, index) => questionText(from + index));
    await writeFile(file, texts.join('\n'));
    await run('ingest', file);
  };
  const counts = async (lane: string) =>
    statusSchema.parse(JSON.parse(await run('status', '--lane', lane, '--json'))).questions;
  const untilStatus = untilStatusIn(mongo, namespace);
  const untilApproved = async (lane: string, count: number) => {
    await untilStatus({ lane, status: 'approved', count });
    expect((await counts(lane)).approved).toBe(count);
  };
  return { kafka, namespace, llm, start, run, ingest, counts, untilApproved };
}

const lastLine = (stdout: string) => lastSchema.parse(JSON.parse(stdout.split('\n').at(-1) ?? ''));

/** Watches where a group stands until it is told to stop; complains where it goes back. */
function watchCommits(bootstrap: string, group: string, topic: string) {
  const log = openKafkaLog(bootstrap);
  const complaints: string[] = [];
  let before: ReadonlyMap<number, Offset> = new Map();
  let going = true;
  const watching = (async () => {
    while (going) {
      const now = await log.committedOffsets(group, topic);
      for (const [partition, offset] of before)
        if ((now.get(partition) ?? -1n) < offset)
          complaints.push(`${partition} fell from ${offset} to ${now.get(partition)}`);
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await log.close();
  })();
  return async () => {
    going = false;
    await watching;
    return complaints;
  };
}

await describeOnServers('a replay on Kafka and MongoDB', (servers) => {
  it('goes on beside live traffic and through a kill, and leaves the live group where it is', async () => {
    const rig = await opened(servers);
    const { namespace, llm } = rig;
    const worker = rig.start('worker', '--batch-size', '10');
    onTestFinished(() => void worker.kill('SIGKILL'));
    await rig.ingest(0, 15);
    await rig.untilApproved('main', 15);
    const before = (await llm.quietStats()).started;
    expect(before).toBe(45);

    const request = ['replay', '--stage', 'generation', '--mode', 'reprocess', '--lane', 'second', '--json'];
    const plan = lastLine(await rig.run(...request, '--dry-run'));
    expect(plan.calls).toBe(30);
    // A record may stand in its topic twice.
    expect(plan.matching).toBeGreaterThanOrEqual(15);
    expect((await llm.quietStats()).started).toBe(before);

    const stopWatching = watchCommits(rig.kafka, `${namespace}.generation`, `${namespace}.generation`);
    const killed = rig.start(...request, '--only-replay', '--batch-size', String(BATCH));
    await until('the replay calls', async () => (await llm.stats()).started > before, WITHIN_MS);
    const live = rig.ingest(15, 25);
    killed.kill('SIGKILL');
    await killed.exited;
    await live;
    await rig.run('replay', '--lane', 'second', '--only-replay', '--json');
    await rig.untilApproved('second', 15);
    await rig.untilApproved('main', 25);
    expect(await stopWatching()).toEqual([]);

    // Beyond the minimum are only calls that were in flight, or not yet stored, at the kill.
    const { started } = await llm.quietStats();
    expect(started).toBeGreaterThanOrEqual(3 * 25 + 2 * 15);
    expect(started).toBeLessThanOrEqual(3 * 25 + 2 * 15 + BATCH);
    const compared = lastLine(await rig.run('compare', 'main', 'second', '--json'));
    expect(compared.totals).toMatchObject({ questions: 15, onlyInA: 10, approvedInBoth: 15 });
    const { groups } = await (await openAdmin(rig.kafka)).listGroups();
    const ours = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(namespace));
    expect(ours.filter((group) => group.includes('replay'))).toEqual([]);
  });
});
