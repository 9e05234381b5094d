import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { openMongoStore } from '../../../../src/infra/engines/mongo/store.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import { finishedWith, newWork, research } from '../../../../src/testing/store/fixtures.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { describeWithMembers } from '../../../support/servers/on-servers.ts';
import { openForTest } from './opened.ts';
import { standaloneMongo } from './rig/standalone.ts';

const NAMESPACE = 'guarded';

await describeWithMembers('a store on a MongoDB that asks who comes', () => {
  /** The URIs of somebody who may write to the database, and of one who may only read it. */
  const guarded = async () => {
    const uri = await standaloneMongo('--auth');
    const admin = new MongoClient(uri);
    const create = { pwd: 's3cr3t', roles: [{ role: 'root', db: 'admin' }] };
    await admin.db('admin').command({ createUser: 'root', ...create });
    await admin.close();
    const of = (user: string) => uri.replace('mongodb://', `mongodb://${user}:s3cr3t@`);
    const root = new MongoClient(of('root'));
    for (const role of ['readWrite', 'read'])
      await root.db('admin').command({ createUser: role, pwd: 's3cr3t', roles: [{ role, db: NAMESPACE }] });
    await root.close();
    return { root: of('root'), writer: of('readWrite'), reader: of('read') };
  };

  it('needs no more than the role readWrite, from the first start on', async () => {
    const { root, writer } = await guarded();
    for (let start = 1; start <= 2; start += 1) {
      const { store } = await openForTest(root, { uri: writer, namespace: NAMESPACE });
      const held = await claimed(store.research, newWork());
      expect(await store.research.complete(held, finishedWith(research))).toBe('stored');
    }
  });

  it('ends as fatal where a right is missing or the password is wrong', async () => {
    const { reader } = await guarded();
    for (const uri of [reader, reader.replace('s3cr3t', 'oth3r')]) {
      const failure = await failureOf(() => openMongoStore({ uri, namespace: NAMESPACE }));
      expect(failure).toMatchObject({ kind: 'fatal', code: 'mongo_unauthorized' });
      expect(failure.message).not.toMatch(/s3cr3t|oth3r/);
    }
  });
});
