import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { defineFunctions } from '../../../src/infra/engines/sqlite/functions.ts';
import { agentStages, groupOf, stageNames, topicOf } from '../../../src/stages/stage-names.ts';
import { keptBy } from '../../../src/stages/table.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { readTopic } from '../run/read-topic.ts';
import { readCounts } from './counts.ts';
import { ENDS, type RecordFact, type RunFacts, type TopicFact } from './facts.ts';
import { keptStep } from './steps.ts';

const row = z.object({ lane: z.string(), questionId: z.string() });
const question = row.extend({ status: z.string() });
const work = row.extend({ revision: z.number(), state: z.string() });
const end = row.extend({ revision: z.number(), finished: z.string() });
const decision = row.extend({ revision: z.number() });
const step = z.object({ work: z.string(), facts: z.string() });
const mark = z.object({ source: z.string() });
const quoted = row.extend({ source: z.string() });
const finished = z.object({ result: z.unknown() });
const deadLetter = z.object({
  id: z.string(),
  stage: z.string(),
  state: z.string(),
  work: z.string().nullable(),
});

/** Reads the facts of an embedded data directory: through the ports, and where they do not say it, from the tables. */
export async function embeddedFacts(data: string, namespace: string): Promise<RunFacts> {
  const engine = await openEmbedded({ data, namespace, mode: 'read' });
  try {
    // In this order, what is found may be judged while stages are at work.
    const topics = await readTopics(engine.log, namespace);
    const tables = readTables(join(data, `${namespace}.db`));
    const lanes = [...new Set([...tables.questions, ...tables.works].map(({ lane }) => lane))];
    return { ...tables, topics, ...(await readCounts(engine.store, lanes)) };
  } finally {
    await engine.close();
  }
}

function readTables(path: string) {
  const db = new DatabaseSync(path, { readOnly: true });
  defineFunctions(db);
  try {
    const all = <T>(schema: z.ZodType<T>, sql: string): T[] => z.array(schema).parse(db.prepare(sql).all());
    const ids = 'lane, question_id AS questionId';
    return {
      questions: all(question, `SELECT ${ids}, status FROM questions`),
      works: agentStages().flatMap((stage) =>
        all(work, `SELECT ${ids}, revision, state FROM ${keptBy(stage)}`).map((each) => ({
          ...each,
          stage,
        })),
      ),
      steps: all(step, 'SELECT substr(id, 1, length(id) - 7) AS work, facts FROM steps ORDER BY id').map(
        ({ work, facts }) => ({ work, ...keptStep.parse(JSON.parse(facts)) }),
      ),
      forgottenSources: all(mark, 'SELECT source FROM forgotten_sources WHERE finished = 1').map(
        ({ source }) => source,
      ),
      quotedSources: all(quoted, `SELECT ${ids}, source FROM evidence_uses WHERE cited = 1`),
      decisions: all(decision, `SELECT ${ids}, revision FROM decisions`),
      ends: ENDS.flatMap(([table, verdict]) => {
        const rows = all(
          end,
          `SELECT ${ids}, revision, coalesce(unpacked(packed), finished) AS finished FROM ${table}`,
        );
        return rows.map(({ finished: text, ...each }) => ({ ...each, verdict, example: exampleIn(text) }));
      }),
      deadLetters: all(deadLetter, 'SELECT id, stage, state, work FROM dead_letters').map(
        ({ work: text, ...each }) => ({
          ...each,
          ...(text === null ? { lane: '', questionId: '' } : row.parse(JSON.parse(text))),
        }),
      ),
    };
  } finally {
    db.close();
  }
}

function exampleIn(text: string): string {
  return JSON.stringify(finished.parse(JSON.parse(text)).result);
}

async function readTopics(log: Log, namespace: string): Promise<ReadonlyMap<string, TopicFact>> {
  const found = new Map<string, TopicFact>();
  for (const name of [...stageNames(), 'verdicts', 'dataset'] as const) {
    const topic = topicOf(namespace, name);
    const records: RecordFact[] = [];
    const committed =
      name === 'dataset' ? new Map() : await log.committedOffsets(groupOf(namespace, name), topic);
    const ends = await log.endOffsets(topic);
    await readTopic(
      log,
      { topic, group: `${namespace}.checker`, until: ends },
      ({ partition, offset, value }) =>
        records.push({ partition, offset, value: value === null ? null : Buffer.from(value).toString() }),
    );
    found.set(name, { topic, records, ends, committed });
  }
  return found;
}
