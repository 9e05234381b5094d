import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { embedLacking } from '../../../src/features/sources/embed-source.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { openIndexOf, vectorsIn } from '../../../src/infra/documents/index/of-settings.ts';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { describeOnMongo } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CHUNKS = 150;

await describeOnMongo('documents on MongoDB that are searched by vectors', (mongo) => {
  it('are embedded by one process at a time, whatever machines they are on', async () => {
    const server = await startScriptedLlmServer();
    onTestFinished(() => server.close());
    const namespace = `test-${randomUUID()}`;
    const settingsOf = (data: string) =>
      parseSettings({ data, namespace, mongo, embeddings: { model: 'e', baseUrl: server.url, price: 1 } });
    const machines = [settingsOf(await tempDir()), settingsOf(await tempDir())] as const;
    const indexes = await Promise.all(machines.map((each) => openIndexOf(each)));
    onTestFinished(async () => {
      await Promise.all(indexes.map((index) => index.close()));
      const client = await new MongoClient(mongo).connect();
      await client.db(namespace).dropDatabase();
      await client.close();
    });
    const [one, other] = indexes;
    if (one === undefined || other === undefined) throw new RangeError('two indexes were opened');
    const root = join(machines[0].data, 'manuals');
    await mkdir(root);
    const rows = Array.from({ length: CHUNKS }, (_, n) => JSON.stringify({ text: `Row number ${n}.` }));
    await writeFile(join(root, 'rows.jsonl'), rows.join('\n'));
    await addSource(one, root);
    let waited = 0;
    const onWait = () => {
      waited += 1;
    };
    const made = await Promise.all([
      embedLacking(one, machines[0], { onWait }),
      embedLacking(other, machines[1], { onWait }),
    ]);
    expect(made.map((each) => each?.made).toSorted()).toEqual([0, CHUNKS]);
    expect(waited).toBe(1);
    expect(server.embedded.flatMap(({ input }) => input)).toHaveLength(CHUNKS);
    expect(await vectorsIn(machines[1])).toMatchObject({
      chunks: CHUNKS,
      lacking: 0,
      answering: { ready: true },
    });
  });
});
