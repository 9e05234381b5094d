/**
 * What one process can write to MongoDB a second with 64 works in flight: claims and completes, one write at a time as a
 * store without bulks would, and by our store; and all the writes of whole questions, five stages each.
 * Run: node bench/mongo-writes.ts [seconds of each]
 */
import { randomUUID } from 'node:crypto';
import { type Collection, MongoClient } from 'mongodb';
import { type MongoStore, openMongoStore } from '../src/infra/engines/mongo/store.ts';
import type { Example } from '../src/stages/example.ts';
import type { Status } from '../src/stages/status.ts';
import type { LaneName, QuestionId, WorkKey, WorkStore } from '../src/streams/work/work.ts';
import { workIdOf } from '../src/streams/work/work.ts';
import { finishedWith } from '../src/testing/store/fixtures.ts';
import { findServer } from '../test/support/servers/find-server.ts';

const IN_FLIGHT = 64;
const DEFAULT_SECONDS = 5;

const lane = 'main' as LaneName;
const research = { summary: 'x'.repeat(400), keyPoints: ['y'.repeat(100)], caveats: [] };
const review = {
  scores: { clarity: { score: 8, reason: 'z'.repeat(100) } },
  score: 8,
  verdict: 'approved' as const,
  feedback: '',
};

type Work = (questionId: QuestionId) => Promise<unknown>;

const workOf = (questionId: QuestionId, stage: string): WorkKey => ({
  ...{ lane, questionId, stage, revision: 0, drive: 0 },
});

async function perSecond(work: Work, seconds: number): Promise<number> {
  const end = performance.now() + 1_000 * seconds;
  let done = 0;
  const worker = async () => {
    while (performance.now() < end) {
      await work(randomUUID() as QuestionId);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return Math.round(done / seconds);
}

/** The same documents, by the plain driver. */
function singleWrites(works: Collection<{ _id: string }>): Work {
  return async (questionId) => {
    const work = workOf(questionId, 'research');
    const _id = workIdOf(work);
    await works.insertOne({ _id, ...work, state: 'claimed', attempts: [] } as { _id: string });
    await works.updateOne({ _id }, { $set: { state: 'done', ...finishedWith(research) } });
  };
}

async function claimAndComplete<Result>(store: WorkStore<Result>, work: WorkKey, result: Result) {
  const claim = await store.claim(work);
  if (claim.kind === 'claimed')
    await store.complete({ workId: workIdOf(work), token: claim.token }, finishedWith(result));
}

function wholeQuestions(store: MongoStore, run: string): Work {
  return async (questionId) => {
    const question = { text: questionId, context: '', topic: 't', subTopic: '', trainingType: 'sft' };
    const candidate = { prompt: 'P', answer: 'a'.repeat(500) };
    const example: Example = {
      ...{ v: 1, lane, questionId, revision: 0, simulated: false, question, research, candidate, review },
      provenance: [],
    };
    const move = (stage: string, status: Status) => store.move({ work: workOf(questionId, stage), status });
    await store.questions.accept(workOf(questionId, 'questions'), question, { run, position: 0 });
    await move('questions', 'questions_added');
    await claimAndComplete(store.research, workOf(questionId, 'research'), research);
    await move('research', 'researched');
    await claimAndComplete(store.generations, workOf(questionId, 'generation'), candidate);
    await move('generation', 'generated');
    await claimAndComplete(store.reviews, workOf(questionId, 'review'), review);
    await move('review', 'reviewed');
    await claimAndComplete(store.dataset, workOf(questionId, 'storage'), example);
    await move('storage', 'approved');
  };
}

const seconds = Number(process.argv[2] ?? DEFAULT_SECONDS);
const server = await findServer('mongo');
const namespace = `bench-${randomUUID()}`;
const client = new MongoClient(server.address, { writeConcern: { w: 'majority' } });
const store = await openMongoStore({ uri: server.address, namespace });
try {
  const single = await perSecond(singleWrites(client.db(namespace).collection('single')), seconds);
  const bulk = await perSecond(
    (questionId) => claimAndComplete(store.research, workOf(questionId, 'research'), research),
    seconds,
  );
  const whole = await perSecond(wholeQuestions(store, 'a run'), seconds);
  console.log(
    `${IN_FLIGHT} in flight, a second: ${single} works by single writes, ${bulk} works by the store, ${whole} whole questions`,
  );
} finally {
  await client.db(namespace).dropDatabase();
  await client.close();
  await store.close();
  await server.stop();
}
