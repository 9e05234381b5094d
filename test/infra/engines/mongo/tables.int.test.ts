import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';
import { collectionsOf } from '../../../../src/infra/engines/mongo/collections.ts';
import { ForgottenMarks } from '../../../../src/infra/engines/mongo/repositories/forgotten-marks.ts';
import { MongoTables } from '../../../../src/infra/engines/mongo/table/tables.ts';
import type { QuestionId } from '../../../../src/streams/work/work.ts';
import { describeTables } from '../../../../src/testing/tables-suite.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openedInTurn } from './opened.ts';

const questionId = (id: string) => id as QuestionId;

await describeOnMongo('the tables of a real MongoDB', (uri) => {
  const { open, end } = openedInTurn(uri);
  describeTables('MongoDB', async () => {
    const { store, namespace, close } = await open();
    const client = await new MongoClient(uri).connect();
    const collections = collectionsOf(client.db(namespace));
    const marks = new ForgottenMarks(collections.forgotten, (ids) =>
      store.forgotten.erase(ids.map(questionId)),
    );
    return {
      tables: new MongoTables(client.db(namespace), marks),
      forget: (ids) => store.forgotten.mark(ids.map(questionId)),
      close: async () => {
        await client.close();
        await close();
      },
    };
  });
  afterAll(end);
});
