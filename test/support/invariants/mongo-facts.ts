import { type Db, MongoClient } from 'mongodb';
import { z } from 'zod';
import { openMongoStore } from '../../../src/infra/engines/mongo/store.ts';
import { agentStages } from '../../../src/stages/stage-names.ts';
import { keptBy } from '../../../src/stages/table.ts';
import { readCounts } from './counts.ts';
import { ENDS, type RunFacts } from './facts.ts';
import { keptStep } from './steps.ts';

const row = z.object({ lane: z.string(), questionId: z.string() });
const question = row.extend({ status: z.string() });
const work = row.extend({
  _id: z.string(),
  revision: z.number(),
  state: z.string(),
  steps: z.array(z.string()).default([]),
});
const end = row.extend({ revision: z.number(), finished: z.string() });
const decision = row.extend({ revision: z.number() });
const use = row.extend({ source: z.string(), cited: z.boolean() });
const mark = z.object({ _id: z.string(), finished: z.boolean() });
const finished = z.object({ result: z.unknown() });
const deadLetter = z.object({ _id: z.string(), stage: z.string(), state: z.string(), work: row.nullable() });

/** What the collections hold, read by the driver alone, and the numbers that people are told. */
export async function mongoFacts(uri: string, namespace: string): Promise<Omit<RunFacts, 'topics'>> {
  const client = new MongoClient(uri, { readPreference: 'primary', readConcern: { level: 'majority' } });
  try {
    const tables = await readCollections(client.db(namespace));
    const lanes = [...new Set([...tables.questions, ...tables.works].map(({ lane }) => lane))];
    const store = await openMongoStore({ uri, namespace });
    try {
      return { ...tables, ...(await readCounts(store, lanes)) };
    } finally {
      await store.close();
    }
  } finally {
    await client.close();
  }
}

async function readCollections(db: Db) {
  const all = async <T>(schema: z.ZodType<T>, name: string): Promise<T[]> =>
    z.array(schema).parse(await db.collection(name).find().toArray());
  const questions = await all(question, 'questions');
  const kept = await Promise.all(
    agentStages().map(async (stage) => (await all(work, keptBy(stage))).map((each) => ({ ...each, stage }))),
  );
  const works = kept.flat();
  const steps = works.flatMap(({ _id, steps: its }) =>
    its.map((text) => ({ work: _id, ...keptStep.parse(JSON.parse(text)) })),
  );
  const ends = await Promise.all(
    ENDS.map(async ([collection, verdict]) => {
      const found = await all(end, collection);
      return found.map(({ finished: text, ...each }) => ({
        ...each,
        verdict,
        example: JSON.stringify(finished.parse(JSON.parse(text)).result),
      }));
    }),
  );
  const deadLetters = (await all(deadLetter, 'dead_letters')).map(({ _id, work: about, ...each }) => ({
    ...each,
    ...(about ?? { lane: '', questionId: '' }),
    id: _id,
  }));
  const decisions = await all(decision, 'decisions');
  const quotedSources = (await all(use, 'evidence_uses')).filter(({ cited }) => cited);
  const marks = await all(mark, 'forgotten_sources');
  const forgottenSources = marks.flatMap(({ _id, finished: isDone }) => (isDone ? [_id] : []));
  return {
    ...{ questions, works, steps, ends: ends.flat(), deadLetters, decisions },
    ...{ quotedSources, forgottenSources },
  };
}
