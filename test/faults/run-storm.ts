import type { Engine } from './engines/engine.ts';
import { BadLink } from './faults/bad-link.ts';
import { BadModel } from './faults/bad-model.ts';
import { FreezeNode, KillNode } from './faults/bad-server.ts';
import { ComeAndGo } from './faults/come-and-go.ts';
import { CutReplies } from './faults/cut-replies.ts';
import type { Fault } from './faults/fault.ts';
import { KillWorker } from './faults/kill-worker.ts';
import { RestartWorkers } from './faults/restart-workers.ts';
import { StopWorker } from './faults/stop-worker.ts';
import { HASTY, HEALTHY } from './scenarios/scenario.ts';
import type { Stand } from './stand.ts';
import type { Row } from './table.ts';
import { Trial } from './trial.ts';

const QUESTIONS_PER_FAULT = 12;
const CALM = 8;

/** Faults in random order by seed, each followed by a calm window, while questions keep coming. */
export async function runStorm(
  engine: Engine,
  stand: Partial<Stand>,
  { seed, minutes }: Readonly<{ seed: number; minutes: number }>,
): Promise<Row> {
  const trial = await Trial.open({
    ...{ name: `storm of ${minutes} minutes`, engine, questions: 2 * QUESTIONS_PER_FAULT, seed },
    script: { ...HEALTHY, seed },
    env: { ...HASTY, MILLRACE_PARTITIONS: '6', MILLRACE_TIMEOUT_MS: '5000' },
    links: {
      ...(stand.kafkaLink === undefined ? {} : { kafka: stand.kafkaLink }),
      ...(stand.mongoLink === undefined ? {} : { mongo: stand.mongoLink }),
    },
  });
  const faults = [...faultsOfAll(), ...faultsOfServers(stand)];
  await trial.startWorkers();
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    const fault = faults[Math.floor(trial.random() * faults.length)];
    if (fault === undefined) throw new Error('there is no fault to strike');
    console.log(`storm on ${engine.name}: ${fault.name}`);
    await fault.strike(trial);
    await trial.untilRecovered();
    await trial.ask(QUESTIONS_PER_FAULT);
    await trial.untilDone(CALM);
  }
  return trial.judge();
}

function faultsOfAll(): readonly Fault[] {
  const bad = (name: '503' | '500' | '429' | 'malformed' | 'hang', share: number) =>
    new BadModel({
      ...{ name, script: { ...HEALTHY, fractions: { [name]: share }, retryAfter: '1' }, healthy: HEALTHY },
      lastsMs: 5_000,
    });
  return [
    new KillWorker(),
    new KillWorker(),
    new RestartWorkers(),
    new StopWorker(10_000),
    ...[bad('503', 1), bad('500', 0.3), bad('429', 0.5), bad('malformed', 0.3), bad('hang', 0.3)],
    new BadLink('model', 'latency', 5_000),
    new BadLink('model', 'reset', 0),
    new BadLink('model', 'black hole', 8_000),
  ];
}

function faultsOfServers({ kafka, mongo }: Partial<Stand>): readonly Fault[] {
  if (kafka === undefined || mongo === undefined) return [];
  return [
    new KillNode('broker killed', kafka, 10_000),
    new KillNode('mongod killed', mongo, 10_000),
    new FreezeNode('mongod stopped', mongo, 10_000),
    ...(['kafka', 'mongo'] as const).flatMap((link) => [
      new BadLink(link, 'latency', 5_000),
      new BadLink(link, 'reset', 0),
      new BadLink(link, 'black hole', 10_000),
    ]),
    new CutReplies('update', 4),
    new ComeAndGo(3_000),
  ];
}
