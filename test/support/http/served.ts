import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { IntakeLimits } from '../../../src/features/questions/http/http-intake.ts';
import { type HttpIntakeOptions, httpIntake } from '../../../src/features/questions/http/http-intake.ts';
import { postQuestionsRoute } from '../../../src/features/questions/http/post-questions.ts';
import { readRoutes } from '../../../src/features/questions/http/read-routes.ts';
import { healthRoutes } from '../../../src/features/serve/http/health-routes.ts';
import type { Engine } from '../../../src/infra/engines/engine.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import type { HttpLimits } from '../../../src/infra/http/limits.ts';
import type { Route } from '../../../src/infra/http/route.ts';
import { startHttpServer } from '../../../src/infra/http/server.ts';
import { questionsMessage } from '../../../src/stages/message.ts';
import { pipelineTopics } from '../../../src/stages/pipeline.ts';
import type { Log, OutgoingRecord } from '../../../src/streams/log/log.ts';
import { readTopic } from '../run/read-topic.ts';
import { tempDir } from '../temp-dir.ts';
import { type Api, apiAt } from './api.ts';

const TRAINING_TYPES = ['sft', 'reasoning', 'conversation', 'dpo', 'tool-calls'];

export type ServedOptions = Readonly<{
  /** In place of a new embedded engine. */
  engine?: Engine;
  /** Stands between the server and the log. */
  publish?: (publish: () => Promise<void>, records: readonly OutgoingRecord[]) => Promise<void>;
  token?: string;
  maxBacklog?: number;
  patienceMs?: number;
  limits?: Partial<HttpLimits>;
  intakeLimits?: Partial<IntakeLimits>;
  routes?: readonly Route[];
}>;

export type Served = Readonly<{ address: string; api: Api; engine: Engine; problems: string[] }>;

/** The whole API over HTTP on an embedded engine of its own; it ends with the test. */
export async function served(options: ServedOptions = {}): Promise<Served> {
  const engine = options.engine ?? (await embedded());
  const problems: string[] = [];
  const routes = [
    ...healthRoutes(() => []),
    postQuestionsRoute({
      intake: httpIntake({
        log: logOf(engine, options),
        lanes: engine.store.lanes,
        namespace: 'test',
        maxBacklog: options.maxBacklog,
        patienceMs: options.patienceMs ?? 1,
      }),
      defaults: { topic: 'chemistry', subTopic: '', trainingType: 'sft' },
      trainingTypes: TRAINING_TYPES,
      limits: options.intakeLimits ?? {},
    }),
    ...readRoutes({ store: engine.store, namespace: 'test', simulated: false }),
    ...(options.routes ?? []),
  ];
  const server = await startHttpServer({
    port: 0,
    host: '127.0.0.1',
    token: options.token,
    routes,
    version: '0.0.0',
    limits: options.limits ?? {},
    onProblem: ({ code }, request) => problems.push(`${request}: ${code}`),
  });
  onTestFinished(() => server.close());
  return { address: server.address, api: await apiAt(server.address, options.token), engine, problems };
}

function logOf({ log }: Engine, { publish = (each) => each() }: ServedOptions): HttpIntakeOptions['log'] {
  return {
    publish: (topic, records) => publish(() => log.publish(topic, records), records),
    beginningOffsets: (topic) => log.beginningOffsets(topic),
    endOffsets: (topic) => log.endOffsets(topic),
    committedOffsets: (group, topic) => log.committedOffsets(group, topic),
  };
}

export async function embedded(): Promise<Engine> {
  const engine = await openEmbedded({ data: await tempDir(), namespace: 'test', mode: 'consume' });
  onTestFinished(() => engine.close());
  await engine.log.ensureTopics(pipelineTopics('test', engine.partitions));
  return engine;
}

const kept = questionsMessage.extend({
  submission: z.looseObject({ run: z.string(), position: z.number() }),
});

/** What stands in the topic of questions. */
export async function questionsIn(log: Log, namespace = 'test'): Promise<readonly z.output<typeof kept>[]> {
  const topic = `${namespace}.questions`;
  const found: z.output<typeof kept>[] = [];
  const until = await log.endOffsets(topic);
  await readTopic(log, { topic, group: `test.${crypto.randomUUID()}`, until }, ({ value }) =>
    found.push(kept.parse(JSON.parse(String(value)))),
  );
  return found;
}
