import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportLedger, exportVersion } from '../../../src/features/dataset/export-version.ts';
import { forget, planForget } from '../../../src/features/upkeep/forget.ts';
import { gc, planGc } from '../../../src/features/upkeep/gc.ts';
import type { Example } from '../../../src/stages/example.ts';
import type { LogRecord } from '../../../src/streams/log/log.ts';
import { readRange } from '../../../src/streams/log/read-range.ts';
import { fresh, type LedgerRig, REQUEST, rigOn } from '../../support/run/ledger-rig.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';
import { until } from '../../support/until.ts';

const GC = { before: new Date(0), records: true };
const idsOf = (...examples: readonly Example[]) => examples.map(({ questionId }) => questionId).toSorted();

async function forgetOn({ engine, namespace, data }: LedgerRig, { questionId: id }: Example): Promise<void> {
  const plan = await planForget(engine, namespace, { kind: 'question', id });
  await forget(engine, { namespace, data }, plan);
}

async function recordsOf({ engine, topic }: LedgerRig): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const until = await engine.log.endOffsets(topic);
  const group = `test.${randomUUID()}`;
  const from = await engine.log.beginningOffsets(topic);
  await readRange(engine.log, { topic, group, from, until }, async (record) => void records.push(record));
  return records;
}

async function collect({ engine, namespace }: LedgerRig) {
  const plan = await planGc(engine, namespace, GC);
  await gc(engine, plan, GC);
  return plan;
}

async function exported(rig: LedgerRig, since: string): Promise<readonly string[]> {
  const name = `${randomUUID()}.jsonl`;
  await exportLedger(rig.port, { ...REQUEST, since: await rig.since(since) }, rig.to(name));
  return (await rig.idsIn(name)).toSorted();
}

describe('gc on the embedded engine', () => {
  it('finds nothing of a forgotten question on the ledger: its record is emptied', async () => {
    const rig = await rigOn();
    const [gone] = fresh(1);
    if (gone === undefined) expect.fail();
    await rig.put(gone, ...fresh(2));
    await forgetOn(rig, gone);
    expect((await planGc(rig.engine, rig.namespace, GC)).ledger).toBeUndefined();
  });
});

await describeOnKafka('gc --records', (kafka) =>
  describeOnMongo('on both servers', (mongo) => {
    const rigged = () => rigOn({ kafka, mongo, partitions: 1 });

    it('leaves no text of a forgotten question on the ledger, young or appended behind its tombstone, and all of its neighbours', async () => {
      const rig = await rigged();
      const [gone, late, ...kept] = fresh(6);
      if (gone === undefined || late === undefined) expect.fail();
      await rig.put(...kept.slice(0, 2), gone, ...kept.slice(2));
      await forgetOn(rig, gone);
      await forgetOn(rig, late);
      await rig.put(late);

      const plan = await collect(rig);
      expect([plan.ledger?.count, plan.records]).toEqual([2, []]);
      const left = (await recordsOf(rig)).filter(({ value }) => value !== null);
      expect(left.map(({ key }) => key).toSorted()).toEqual(idsOf(...kept));
      expect((await planGc(rig.engine, rig.namespace, GC)).ledger).toBeUndefined();
    });

    it('changes no version, and nothing of what is asked for since a version or a time', async () => {
      const rig = await rigged();
      const [before, gone, between, after] = [fresh(3), fresh(1), fresh(2), fresh(2)];
      const [forgotten] = gone;
      if (forgotten === undefined) expect.fail();
      await rig.put(...before);
      await rig.keep('v1');
      const time = new Date(Date.now() + 1).toISOString();
      await until('the clock has gone on', () => new Date().toISOString() > time);
      await rig.put(...between, ...gone, ...after);
      await forgetOn(rig, forgotten);
      for (const round of ['once', 'twice']) {
        const [again] = fresh(1);
        if (again === undefined) expect.fail();
        await collect(rig);
        await exportVersion(rig.port, 'v1', () => rig.to(`${round}.jsonl`));
        expect(await readFile(join(rig.data, `${round}.jsonl`))).toEqual(
          await readFile(join(rig.data, 'v1.jsonl')),
        );
        for (const since of ['v1', time])
          expect(await exported(rig, since)).toEqual(idsOf(...between, ...after));
        await rig.put(again);
        await forgetOn(rig, again);
      }
    });

    it('reads tombstones of questions that the store has no mark of', async () => {
      const rig = await rigged();
      const [emptied, gone, ...kept] = fresh(4);
      if (emptied === undefined || gone === undefined) expect.fail();
      await rig.put(emptied, ...kept, gone);
      await forgetOn(rig, gone);
      await rig.engine.log.publish(rig.topic, [{ key: emptied.questionId, value: null }]);
      await collect(rig);
      const left = (await recordsOf(rig)).filter(({ value }) => value !== null);
      expect(left.map(({ key }) => key).toSorted()).toEqual(idsOf(...kept));
    });

    it('takes nothing from a reader of somebody else that has not seen it, and names him', async () => {
      const rig = await rigged();
      const [gone, ...kept] = fresh(3);
      if (gone === undefined) expect.fail();
      await rig.put(gone, ...kept);
      await forgetOn(rig, gone);
      const group = `trainer-${randomUUID()}`;
      await rig.engine.log.setOffsets(group, rig.topic, new Map([[0, 0n]]));
      const plan = await collect(rig);
      expect([plan.ledger, plan.notes.join()]).toEqual([undefined, expect.stringContaining(group)]);
      expect((await recordsOf(rig)).some(({ key, value }) => key === gone.questionId && value !== null)).toBe(
        true,
      );
      await rig.engine.log.deleteGroup(group);
      expect((await collect(rig)).ledger?.count).toBe(1);
    });
  }),
);
