import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { kafkaFacts } from '../../support/invariants/kafka-facts.ts';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { violationsIn } from '../../support/invariants.ts';
import { startNode } from '../../support/process/child.ts';
import { ended, MAIN } from '../../support/process/millrace.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const WITHIN_MS = 120_000;
const OIL = 'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.';
const WATER = 'The impeller of the pump is changed every 500 hours of work.';
const QUESTIONS = [
  'At which oil pressure must the Corvid engine be stopped?',
  'How often is the impeller of the pump changed?',
] as const;
const exampleSchema = z.object({
  question: z.object({ text: z.string() }),
  research: z.object({ evidence: z.array(z.object({ source: z.string() })).min(1) }),
});

/** Which source each example of a file quotes first, by its question. */
async function quotedIn(path: string): Promise<ReadonlyMap<string, string | undefined>> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const examples = lines.map((line) => exampleSchema.parse(JSON.parse(line)));
  return new Map(examples.map(({ question, research }) => [question.text, research.evidence[0]?.source]));
}

/** The collections that hold the text, wherever in a document. */
async function collectionsWith(uri: string, databases: readonly string[], text: string): Promise<string[]> {
  const client = new MongoClient(uri);
  try {
    const found: string[] = [];
    for (const name of databases)
      for (const collection of await client.db(name).collections()) {
        const documents = await collection.find().toArray();
        if (JSON.stringify(documents).includes(text)) found.push(collection.namespace);
      }
    return found;
  } finally {
    await client.close();
  }
}

await describeOnServers('documents on MongoDB', ({ kafka, mongo }) => {
  it(
    'ground the answers of a worker that has neither the folder nor the index of whoever added it, until one is taken back',
    async () => {
      const dir = await tempDir();
      const namespace = `e2e-${randomUUID()}`;
      const env = {
        ...{ MILLRACE_KAFKA: kafka, MILLRACE_MONGO: mongo, MILLRACE_NAMESPACE: namespace },
        ...{ MILLRACE_PARTITIONS: '1', MILLRACE_SIMULATE: 'latency=0,reject=0%' },
        MILLRACE_RESEARCH: 'sources',
      };
      const start = (data: string, ...args: string[]) =>
        startNode([MAIN, ...args, '--data', join(dir, data)], { cwd: dir, env });
      const done = async (...args: string[]) => {
        const { code, stdout, stderr } = await ended(start('here', ...args));
        expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
        return stdout;
      };
      await mkdir(join(dir, 'manuals'));
      await writeFile(join(dir, 'manuals/oil.md'), OIL);
      await writeFile(join(dir, 'manuals/water.md'), WATER);
      await writeFile(join(dir, 'questions.txt'), `${QUESTIONS.join('\n')}\n`);
      await done('sources', 'add', 'manuals');
      await rm(join(dir, 'manuals'), { recursive: true });
      await rm(join(dir, 'here'), { recursive: true, force: true });
      const worker = start('there', 'worker');
      await until('the worker is at work', () => worker.stderr().includes('At work'), WITHIN_MS);
      await done('run', 'questions.txt', '--format', 'record', '--out', 'out.jsonl');
      worker.kill('SIGTERM');
      await worker.exited;
      expect(await quotedIn(join(dir, 'out.jsonl'))).toEqual(
        new Map([
          [QUESTIONS[0], 'documents:manuals/oil.md'],
          [QUESTIONS[1], 'documents:manuals/water.md'],
        ]),
      );

      // One of the two is taken back: with its text goes what cites it, from index, collections, topics and ledger.
      const data = `${namespace}-simulated`;
      await done('forget', '--source', 'manuals/oil.md', '--simulated', '--yes');
      expect(await done('sources', 'search', 'oil pressure of the Corvid engine')).not.toContain('1.2 bar');
      await done('export', '--format', 'record', '--out', 'left.jsonl');
      expect(await quotedIn(join(dir, 'left.jsonl'))).toEqual(
        new Map([[QUESTIONS[1], 'documents:manuals/water.md']]),
      );
      const facts = { ...(await mongoFacts(mongo, data)), topics: await kafkaFacts(kafka, data) };
      expect(facts.forgottenSources).toEqual(['documents:manuals/oil.md']);
      expect(facts.quotedSources).toMatchObject([{ source: 'documents:manuals/water.md' }]);
      expect(violationsIn(facts).filter((each) => each.startsWith('evidence'))).toEqual([]);
      expect(await collectionsWith(mongo, [namespace, data], '1.2 bar')).toEqual([]);
    },
    WITHIN_MS,
  );
});
