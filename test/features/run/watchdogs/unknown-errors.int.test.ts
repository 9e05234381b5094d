import { expect, it, onTestFinished, vi } from 'vitest';
import { runQuestions } from '../../../../src/features/run/run.ts';
import { openSession } from '../../../../src/features/run/session/open-session.ts';
import type { Session } from '../../../../src/features/run/session/session.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { classifyKafka } from '../../../../src/infra/engines/kafka/failure.ts';
import { classifyMongo } from '../../../../src/infra/engines/mongo/failure.ts';
import { networkFailure } from '../../../../src/infra/models/openai/failures/network-failure.ts';
import type { Alarm } from '../../../../src/streams/alarms.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import { askedQuestions } from '../../../support/run/run-here.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const UNKNOWN = Object.assign(new Error('Nobody knows this one: E_NEW'), { code: 'E_NEW' });
const ofModel = networkFailure(UNKNOWN, { address: 'http://localhost:1/v1' });
const ofMongo = (doing: string) => classifyMongo(UNKNOWN, doing);

/** Fails, where its first argument is about that, as often as a server in trouble for a moment, and works again then. */
function failsAtFirst<T extends object, K extends keyof T>(
  where: T,
  method: K,
  failure: Error,
  about = /^/,
): void {
  const real = where[method] as (...given: unknown[]) => unknown;
  let left = 6;
  const instead = (...given: unknown[]) => {
    if (left === 0 || !about.test(String(given[0]))) return Reflect.apply(real, where, given);
    left -= 1;
    return Promise.reject(failure);
  };
  Object.defineProperty(where, method, { configurable: true, value: instead });
}

async function opened() {
  const session = await openSession({
    settings: settingsSchema.parse({ data: await tempDir(), simulate: 'latency=0ms' }),
  });
  onTestFinished(() => session.close());
  const told: Alarm[] = [];
  session.alarms.changes.subscribe(({ kind, alarm }) => void (kind === 'raised' && told.push(alarm)));
  return { session, told };
}

it.each<[string, (session: Session) => void, Partial<Alarm>]>([
  [
    'a write to MongoDB',
    ({ engine }) => failsAtFirst(engine.store.research, 'complete', ofMongo('storing')),
    { kind: 'write_waits', subject: 'research' },
  ],
  [
    'a claim in MongoDB',
    ({ engine }) => failsAtFirst(engine.store.generations, 'claim', ofMongo('claiming')),
    { kind: 'write_waits', subject: 'generation' },
  ],
  [
    'a read from MongoDB of how far a run is',
    ({ engine }) => failsAtFirst(engine.store.runs, 'counts', ofMongo('counting')),
    { kind: 'write_waits', subject: 'run' },
  ],
  [
    'a record for Kafka',
    ({ engine }) => failsAtFirst(engine.log, 'publish', classifyKafka(UNKNOWN, 'publishing'), /\.research$/),
    { kind: 'write_waits', subject: 'questions' },
  ],
  [
    'a read from Kafka of how far a run is',
    ({ engine }) => failsAtFirst(engine.log, 'committedOffsets', classifyKafka(UNKNOWN, 'reading commits')),
    { kind: 'write_waits', subject: 'run' },
  ],
  [
    'a call of a model server',
    ({ model }) => failsAtFirst(model, 'complete', ofModel),
    { kind: 'circuit_open', subject: 'simulated' },
  ],
])(
  '%s that fails as no list knows raises an alarm that names it, and the run goes on to its end',
  async (_, breaks, alarm) => {
    const { session, told } = await opened();
    breaks(session);
    const { open, counts } = await runQuestions(session, { input: 'test', asked: askedQuestions(2) });
    expect({ open, dead: counts.dead_lettered }).toEqual({ open: 0, dead: 0 });
    expect(told).toContainEqual(
      expect.objectContaining({ ...alarm, text: expect.stringContaining('E_NEW') }),
    );
  },
);

it('a read of how far a run is that stays refused for longer than it may raises that alarm, and ends the run then', async () => {
  const { session, told } = await opened();
  const refused = new Failure('outage', 'refused', 'No right to read.', { fatalAfterMs: 500 });
  vi.spyOn(session.engine.store.runs, 'counts').mockRejectedValue(refused);
  const ended = runQuestions(session, { input: 'test', asked: askedQuestions(2) });
  await expect(ended).rejects.toMatchObject({ kind: 'fatal', code: 'refused' });
  expect(told).toContainEqual(expect.objectContaining({ kind: 'write_waits', subject: 'run' }));
});
